import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { prefixed } from '../fixtures/http2.ts';
import { types } from '../fixtures/manage.ts';
import type { WireMessage } from '../model/wire.ts';
import { keptMessageBytes } from './content.ts';
import { type MessageForm, makeMessageReader } from './message.ts';
import { methodsOf } from './methods.ts';

const form: MessageForm = { read: methodsOf(types).find('/Manage/PickOne')?.request };
const stitch = Buffer.from('0a06537469746368', 'hex');
const json = { name: 'Stitch' };

/** Each piece is a frame, from 0. */
function read(pieces: readonly Buffer[], of: MessageForm = form) {
  const messages: WireMessage[] = [];
  const reader = makeMessageReader(of, (message) => messages.push(message));
  for (const [index, piece] of pieces.entries()) reader.read(piece, piece.length, index);
  return { messages, restBytes: reader.restBytes() };
}

describe('messages', () => {
  const one = { frame: 0, flag: 0, length: 8, hex: '00000000080a06537469746368', json };

  it('one in one frame', () => {
    expect(read([prefixed(stitch)])).toEqual({ messages: [one], restBytes: 0 });
  });

  it('two in one frame, and what is behind them', () => {
    expect(read([Buffer.concat([prefixed(stitch), prefixed(stitch), Buffer.alloc(7, 9)])])).toEqual({
      messages: [one, one],
      restBytes: 7,
    });
  });

  it('one in as many frames as it has bytes', () => {
    const bytes = [...prefixed(stitch)].map((byte) => Buffer.from([byte]));
    expect(read(bytes)).toEqual({ messages: [{ ...one, frame: 12 }], restBytes: 0 });
    expect(read(bytes.slice(0, -1))).toEqual({ messages: [], restBytes: 12 });
    expect(read(bytes.slice(0, 3))).toEqual({ messages: [], restBytes: 3 });
  });

  it('of no bytes', () => {
    const empty = { frame: 0, flag: 0, length: 0, hex: '0000000000', json: {} };
    expect(read([Buffer.alloc(10)])).toEqual({ messages: [empty, empty], restBytes: 0 });
  });

  it('of a method that is not described', () => {
    const { json: _, ...undescribed } = one;
    expect(read([prefixed(stitch)], {}).messages).toEqual([undescribed]);
  });

  it('that cannot be decoded', () => {
    expect(read([prefixed(stitch.subarray(0, 7))]).messages).toEqual([
      {
        frame: 0,
        flag: 0,
        length: 7,
        hex: '00000000070a065374697463',
        problem: 'is no NameRequest: premature EOF',
      },
    ]);
  });

  it('are shown by their first 64 bytes', () => {
    const long = Buffer.concat([Buffer.from([0x0a, 62]), Buffer.alloc(62, 'x')]);
    expect(read([prefixed(long)]).messages[0]?.hex).toBe(prefixed(long).toString('hex', 0, 64));
  });
});

describe('compressed messages', () => {
  const gzip = gzipSync(stitch);

  it.each<[string, string | undefined, number, Buffer, Partial<WireMessage>]>([
    ['gzip', 'gzip', 1, gzip, { json }],
    ['gzip is announced, and this one is not compressed', 'gzip', 0, stitch, { json }],
    ['identity', 'identity', 0, stitch, { json }],
    [
      'not announced',
      undefined,
      1,
      gzip,
      {
        problem:
          'has the Compressed-Flag 1 and no grpc-encoding; "If the Message-Encoding header is omitted then the Compressed-Flag must be 0" (gRPC over HTTP2)',
      },
    ],
    [
      'with nothing',
      'identity',
      1,
      stitch,
      {
        problem:
          'has the Compressed-Flag 1 and grpc-encoding "identity"; it must fail "lacking a grpc-encoding entry different from identity" (gRPC Compression)',
      },
    ],
    [
      'another way',
      'deflate',
      1,
      gzip,
      { problem: 'is not deflate, as its Compressed-Flag and grpc-encoding say: incorrect header check' },
    ],
    ['a way that nobody here knows, which is no fault', 'snappy', 1, gzip, {}],
    ['a way that is called like something else', 'constructor', 1, gzip, {}],
    [
      'a flag that is none',
      'gzip',
      2,
      gzip,
      { problem: 'has the Compressed-Flag 2; "Compressed-Flag → 0 / 1" (gRPC over HTTP2)' },
    ],
    [
      'not really',
      'gzip',
      1,
      stitch,
      { problem: 'is not gzip, as its Compressed-Flag and grpc-encoding say: incorrect header check' },
    ],
    [
      'not to its end',
      'gzip',
      1,
      gzip.subarray(0, -4),
      { problem: 'is not gzip, as its Compressed-Flag and grpc-encoding say: unexpected end of file' },
    ],
    ['too much of it', 'gzip', 1, gzipSync(Buffer.alloc(keptMessageBytes + 1)), { isCut: true }],
  ])('%s', (_, encoding, flag, bytes, rest) => {
    const [message] = read([prefixed(bytes, flag)], { ...form, encoding }).messages;
    const { frame, hex, ...said } = message as WireMessage;
    expect(said).toEqual({ flag, length: bytes.length, ...rest });
  });
});

describe('memory', () => {
  const name = (length: number) => {
    const head = Buffer.from([0x0a, 0x80 | (length & 0x7f), 0x80 | ((length >> 7) & 0x7f), length >> 14]);
    return Buffer.concat([head, Buffer.alloc(length, 'x')]);
  };
  const whole = name(keptMessageBytes - 4);
  const tooLong = name(keptMessageBytes - 3);

  it.each([
    ['in one frame', 1 << 24],
    ['in several', 16_384],
  ])('a message is kept up to its limit: %s', (_, frameBytes) => {
    const frames = (bytes: Buffer) =>
      Array.from({ length: Math.ceil(bytes.length / frameBytes) }, (_, at) =>
        bytes.subarray(at * frameBytes, (at + 1) * frameBytes),
      );
    const kept = read(frames(prefixed(whole))).messages[0];
    expect(kept?.json).toEqual({ name: 'x'.repeat(keptMessageBytes - 4) });
    const { messages, restBytes } = read(frames(Buffer.concat([prefixed(tooLong), prefixed(stitch)])));
    expect(messages[0]).toMatchObject({ length: keptMessageBytes + 1, isCut: true });
    expect(messages[0]).not.toHaveProperty('json');
    expect(messages[1]).toMatchObject({ json });
    expect(restBytes).toBe(0);
  });

  it('a length that nobody sends', () => {
    const huge = Buffer.from('00ffffffff', 'hex');
    expect(read([huge, stitch])).toEqual({ messages: [], restBytes: 13 });
  });

  it('bytes that were not kept are counted where they are within a message', () => {
    const messages: WireMessage[] = [];
    const reader = makeMessageReader(form, (message) => messages.push(message));
    reader.read(prefixed(stitch).subarray(0, 7), 10, 0);
    expect(reader.restBytes()).toBe(10);
    reader.read(stitch.subarray(5), 3, 1);
    reader.read(prefixed(stitch), 13, 2);
    expect(messages).toEqual([
      { frame: 1, flag: 0, length: 8, hex: '00000000080a06', isCut: true },
      expect.objectContaining({ frame: 2, json }),
    ]);
    expect(reader.restBytes()).toBe(0);
  });

  it('bytes that were not kept where a prefix may have been end it', () => {
    const messages: WireMessage[] = [];
    const reader = makeMessageReader(form, (message) => messages.push(message));
    reader.read(prefixed(stitch).subarray(0, 7), 14, 0);
    reader.read(prefixed(stitch), 13, 1);
    expect(messages).toEqual([]);
    expect(reader.restBytes()).toBe(27);
  });
});
