import type { LiveStream } from './stream.ts';

/**
 * So many that have closed can still be found: RFC 9113, 5.1, "An endpoint that sends
 * a RST_STREAM frame […] might receive" frames that were on their way.
 */
const closedStreams = 64;

/** The streams of one connection. */
export interface Streams {
  /** Open, or closed not long ago. */
  find(number: number): LiveStream | undefined;
  /** Those that are open, in the order in which they were opened. */
  open(): Iterable<LiveStream>;
  isIdle(): boolean;
  add(stream: LiveStream): void;
  /** To be called when it may have closed. */
  settle(stream: LiveStream): void;
}

export function makeStreams(): Streams {
  const open = new Map<number, LiveStream>();
  const closed = new Map<number, LiveStream>();

  return {
    find: (number) => open.get(number) ?? closed.get(number),
    open: () => open.values(),
    isIdle: () => open.size === 0,
    add: (stream) => open.set(stream.wire.stream, stream),
    settle(stream) {
      const number = stream.wire.stream;
      if (!stream.isClosed() || !open.delete(number)) return;
      closed.set(number, stream);
      const [oldest] = closed.size > closedStreams ? closed.keys() : [];
      if (oldest !== undefined) closed.delete(oldest);
    },
  };
}
