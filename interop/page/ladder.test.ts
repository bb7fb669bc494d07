import { describe, expect, it } from 'vitest';
import {
  aFrame,
  aMessage,
  aRequest,
  aResponse,
  aStream,
  okTrailers,
  trailersOnly,
} from '../fixtures/wire.ts';
import type { WireStream } from '../model/wire.ts';
import { hasLadder, ladderOf } from './ladder.ts';

const chat = aStream({
  frames: [0, 1, 2, 3, 4, 5, 6].map((number) => aFrame(number, number % 2 ? 'server' : 'client', 'DATA')),
  request: aRequest({
    messages: [aMessage({ n: 1 }, { frame: 2 }), aMessage({ n: 2 }, { frame: 4 })],
    endFrame: 4,
  }),
  response: aResponse({
    headersFrame: 1,
    messages: [aMessage({ n: 1 }, { frame: 3 }), aMessage(undefined, { frame: 5, problem: 'is no Note' })],
    trailers: okTrailers,
    trailersFrame: 7,
    endFrame: 7,
  }),
});

function drawn(stream: WireStream): readonly string[] {
  return ladderOf(stream).map(
    ({ from, atMs, text }) => `${atMs ?? '…'} ${from === 'client' ? '→' : '←'} ${text}`,
  );
}

describe('the ladder', () => {
  it('has what each side says in the order in which it passed, with its time', () => {
    expect(drawn(chat)).toEqual([
      '10 → /Manage/PickOne',
      '11 ← headers',
      '12 → 1: {n: 1}',
      '13 ← 1: {n: 1}',
      '14 → 2: {n: 2}',
      '14 → the end: no more messages',
      '15 ← 2: is no Note',
      // Its frame was not kept.
      '… ← OK',
    ]);
  });

  it('has the content of messages, to be looked into', () => {
    expect(ladderOf(chat).flatMap(({ json }) => (json === undefined ? [] : [json]))).toEqual([
      { n: 1 },
      { n: 1 },
      { n: 2 },
    ]);
  });

  it('has the status of a block that is headers and trailers, and resets', () => {
    const refused = aStream({
      response: trailersOnly({ 'grpc-status': '5', 'grpc-message': 'not%20here' }),
      resets: [{ from: 'client', code: 'CANCEL', frame: 3 }],
    });
    expect(drawn(refused).slice(-2)).toEqual(['12 ← NOT_FOUND "not here"', '13 → RST_STREAM CANCEL']);
  });

  it('is for calls of several messages', () => {
    expect(hasLadder(chat)).toBe(true);
    expect(hasLadder(aStream())).toBe(false);
  });
});
