import type { WireStream } from '../model/wire.ts';
import type { LiveStream } from './stream.ts';

/**
 * So many that have closed can still be found: RFC 9113, 5.1, "An endpoint that sends
 * a RST_STREAM frame […] might receive" frames that were on their way.
 */
const closedStreams = 64;

/** So many are followed; of more, those that were opened first are lost sight of. */
const openStreams = 4_096;

/** The streams of one connection. */
export interface Streams {
  /** Open, or closed not long ago and still looked at. */
  find(number: number): LiveStream | undefined;
  /** Closed not long ago. */
  hasClosed(number: number): boolean;
  /** Those that are open, in the order in which they were opened. */
  open(): Iterable<LiveStream>;
  isIdle(): boolean;
  add(stream: LiveStream): void;
  /** To be called when it may have closed. */
  settle(stream: LiveStream): void;
}

export function makeStreams(): Streams {
  const open = new Map<number, LiveStream>();
  const closed = new Map<number, Pick<WeakRef<LiveStream>, 'deref'>>();
  /**
   * What has closed goes on filling for whoever has its conversation, and for nobody else: connections
   * stay open until the run has ended, and 64 streams of each are megabytes.
   */
  const lookedAt = new WeakMap<WireStream, LiveStream>();

  return {
    find: (number) => open.get(number) ?? closed.get(number)?.deref(),
    hasClosed: (number) => closed.has(number),
    open: () => open.values(),
    isIdle: () => open.size === 0,
    add(stream) {
      open.set(stream.wire.stream, stream);
      if (open.size > openStreams) dropFirst(open);
    },
    settle(stream) {
      const number = stream.wire.stream;
      if (!stream.isClosed() || !open.delete(number)) return;
      lookedAt.set(stream.wire, stream);
      // One that nobody was told of may still be told of.
      closed.set(number, stream.hasRequest() ? new WeakRef(stream) : { deref: () => stream });
      if (closed.size > closedStreams) dropFirst(closed);
    },
  };
}

/** Forgets what was put in first. */
export function dropFirst<K>(map: Map<K, unknown>): void {
  const [first] = map.keys();
  if (first !== undefined) map.delete(first);
}
