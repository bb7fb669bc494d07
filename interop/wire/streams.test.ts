import { describe, expect, it } from 'vitest';
import { collectGarbage } from '../fixtures/garbage.ts';
import type { WireStream } from '../model/wire.ts';
import { makeStream } from './stream.ts';
import { makeStreams, type Streams } from './streams.ts';

/** Adds one and closes it; what is left of it is its conversation. */
function close(streams: Streams, number: number, hasRequest = true): WireStream {
  const methods = { find: () => undefined, details: () => [] };
  const made = makeStream(1, number, methods, { frames: [], omitted: 0 });
  const stream = { ...made, isClosed: () => true, hasRequest: () => hasRequest };
  streams.add(stream);
  streams.settle(stream);
  return stream.wire;
}

describe('a stream that has closed', () => {
  it('is let go when nobody has its conversation, and is no stream that was never opened', async () => {
    const streams = makeStreams();
    close(streams, 1);
    const held = close(streams, 3);
    close(streams, 5);
    await collectGarbage();
    expect([1, 3, 5].map((number) => streams.find(number)?.wire)).toEqual([undefined, held, undefined]);
    expect([1, 3, 5, 7].map(streams.hasClosed)).toEqual([true, true, true, false]);
  });

  it('stays when nobody was told of it yet', async () => {
    const streams = makeStreams();
    close(streams, 1, false);
    await collectGarbage();
    expect(streams.find(1)).toBeDefined();
  });
});
