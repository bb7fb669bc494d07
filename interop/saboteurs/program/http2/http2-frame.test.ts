import { describe, expect, it } from 'vitest';
import { makeHeaderDecoder } from '../../../wire/hpack/hpack.ts';
import { data, encodeHttp2, Flag, goAway, literal, makeCutter, rstStream, Type } from './http2-frame.ts';

const preface = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');

describe('frames', () => {
  const sent = Buffer.concat([
    preface,
    encodeHttp2({ type: Type.SETTINGS, flags: 0, stream: 0, payload: Buffer.alloc(0) }),
    data(1, Buffer.from('stitch'), Flag.END_STREAM),
    rstStream(3, 8),
    goAway(3, 2),
  ]);
  const wanted = [
    [Type.PREFACE, 0, 0, preface.toString('hex')],
    [Type.SETTINGS, 0, 0, ''],
    [Type.DATA, 1, 1, '737469746368'],
    [Type.RST_STREAM, 0, 3, '00000008'],
    [Type.GOAWAY, 0, 0, '0000000300000002'],
  ];

  it.each([1, 2, 3, 7, 24, 25, 1000])('are cut from pieces of %i bytes', (length) => {
    const cut = makeCutter(true);
    const frames = Array.from({ length: Math.ceil(sent.length / length) }, (_, index) =>
      cut(sent.subarray(index * length, (index + 1) * length)),
    ).flat();
    expect(frames.map((each) => [each.type, each.flags, each.stream, each.payload.toString('hex')])).toEqual(
      wanted,
    );
    expect(Buffer.concat(frames.map(encodeHttp2))).toEqual(sent);
  });

  it('begin without a preface from a server', () => {
    expect(makeCutter(false)(rstStream(1, 0))).toMatchObject([{ type: Type.RST_STREAM, stream: 1 }]);
  });
});

describe('a literal field', () => {
  it.each([0, 1, 126, 127, 128, 254, 255, 7000])('has a value of %i bytes', (length) => {
    const value = 'x'.repeat(length);
    expect(makeHeaderDecoder().decode(literal('x-a', value))).toEqual([{ name: 'x-a', value }]);
  });
});
