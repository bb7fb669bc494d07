import { describe, expect, it } from 'vitest';
import { frame, headerBlock, type Piece, preface, readAll } from '../../fixtures/http2.ts';
import type { Role } from '../../model/peer.ts';
import { frameType as type } from './names.ts';

const settings = frame(type.SETTINGS, 0, 0);
const hello: readonly Piece[] = [
  { from: 'client', bytes: Buffer.concat([preface, settings]) },
  { from: 'server', bytes: settings },
];
const request: Piece = { from: 'client', bytes: frame(type.HEADERS, 4, 1, headerBlock({ ':path': '/a/b' })) };

function number(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

function opens(from: Role, stream: number, increment: number): Piece {
  return { from, bytes: frame(type.WINDOW_UPDATE, 0, stream, number(increment)) };
}

/** MAX_FRAME_SIZE, as that side takes it. */
function takes(from: Role, bytes: number, flags = 0): Piece {
  return { from, bytes: frame(type.SETTINGS, flags, 0, Buffer.concat([Buffer.from([0, 5]), number(bytes)])) };
}

function data(length: number): Piece {
  return { from: 'client', bytes: frame(type.DATA, 0, 1, Buffer.alloc(length)) };
}

function problems(...pieces: readonly Piece[]): readonly string[] {
  const { streams } = readAll([...hello, ...pieces]);
  return streams.flatMap((stream) =>
    stream.problems.map(
      ({ from, got, frame }) => `${from} ${got}${frame === undefined ? '' : `, frame ${frame}`}`,
    ),
  );
}

describe('a window', () => {
  const most = 2 ** 31 - 1;

  it.each<[string, readonly Piece[], readonly string[]]>([
    ['may be opened to the brim', [request, opens('server', 0, most - 65_535)], []],
    [
      'may not be opened beyond it',
      [request, opens('server', 0, most - 65_534)],
      [`server ${2 ** 31} octets, frame 3`],
    ],
    ['may be opened again by what was sent', [request, data(1), opens('server', 0, most - 65_534)], []],
    [
      'is one of each side',
      [request, data(1), opens('client', 0, most - 65_534)],
      [`client ${2 ** 31} octets, frame 4`],
    ],
    ['of a stream is not looked at', [request, opens('server', 1, most)], []],
    ['is not opened by 0', [request, opens('server', 0, 0)], ['server an increment of 0, frame 3']],
    [
      'of a stream is not opened by 0',
      [request, opens('client', 1, 0)],
      ['client an increment of 0, frame 3'],
    ],
    [
      'that is opened wrongly before a stream is the next one’s',
      [opens('client', 0, 0), request],
      ['client an increment of 0'],
    ],
  ])('%s', (_, pieces, found) => {
    expect(problems(...pieces)).toEqual(found);
  });
});

describe('a frame', () => {
  it.each<[string, readonly Piece[], readonly string[]]>([
    ['may have 16,384 bytes', [request, data(16_384)], []],
    ['may not have more', [request, data(16_385)], ['client DATA of 16385 bytes on stream 1']],
    ['may have what the receiver takes', [takes('server', 20_000), request, data(20_000)], []],
    [
      'and no more',
      [takes('server', 20_000), request, data(20_001)],
      ['client DATA of 20001 bytes on stream 1'],
    ],
    [
      'may not have what only its sender takes',
      [takes('client', 20_000), request, data(20_000)],
      ['client DATA of 20000 bytes on stream 1'],
    ],
    [
      'may have what was allowed before',
      [takes('server', 20_000), takes('server', 16_384), request, data(20_000)],
      [],
    ],
  ])('%s', (_, pieces, found) => {
    expect(problems(...pieces)).toEqual(found);
  });
});

it('an acknowledgement is no SETTINGS to begin with', () => {
  const acknowledgement = frame(type.SETTINGS, 1, 0);
  const { troubles } = readAll([{ from: 'server', bytes: acknowledgement }]);
  expect(troubles).toMatchObject([{ kind: 'invalid', problem: { from: 'server', offset: 0 } }]);
});
