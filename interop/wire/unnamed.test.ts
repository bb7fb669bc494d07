import { expect, it } from 'vitest';
import { aStream } from '../fixtures/wire.ts';
import type { WireStream } from '../model/wire.ts';
import { shareOut } from './unnamed.ts';

function called(path: string, stream: number, more: Partial<WireStream> = {}): WireStream {
  const { request } = aStream();
  return aStream({ stream, request: { ...request, headers: [{ name: ':path', value: path }] }, ...more });
}

function refused(path: string, stream: number): WireStream {
  const { headersFrame: _, ...response } = aStream().response;
  return called(path, stream, { response, resets: [{ from: 'server', code: 'REFUSED_STREAM', frame: 3 }] });
}

/** Whose streams they are, by their numbers. */
function shares(
  streams: readonly WireStream[],
  ...methods: readonly string[]
): readonly (readonly number[])[] {
  const isDescribed = (path: string) => path.startsWith('/a.');
  return shareOut(streams, methods, isDescribed).map((share) => share.map(({ stream }) => stream));
}

it.each<readonly [string, readonly WireStream[], readonly string[], readonly (readonly number[])[]]>([
  ['of its method, in order', [called('/a.B/C', 1), called('/a.B/C', 3)], ['/a.B/C', '/a.B/C'], [[1], [3]]],
  ['whichever was first', [called('/a.B/D', 1), called('/a.B/C', 3)], ['/a.B/C', '/a.B/D'], [[3], [1]]],
  [
    'too many are the last one’s',
    [1, 3, 5].map((id) => called('/a.B/C', id)),
    ['/a.B/C', '/a.B/C'],
    [[1], [3, 5]],
  ],
  [
    'one that was refused is made again',
    [refused('/a.B/C', 1), called('/a.B/C', 3), called('/a.B/C', 5)],
    ['/a.B/C', '/a.B/C'],
    [[1, 3], [5]],
  ],
  ['health comes first', [called('/grpc.health.v1.Health/Check', 1), called('/a.B/C', 3)], ['/a.B/C'], [[3]]],
  ['health alone is no call', [called('/grpc.health.v1.Health/Check', 1)], ['/a.B/C'], [[]]],
  ['another path stands for the one that was wanted', [called('/a.b/c', 1)], ['/a.B/C'], [[1]]],
  ['another method is too much', [called('/a.B/D', 1), called('/a.B/C', 3)], ['/a.B/C'], [[1, 3]]],
  ['there are none', [], ['/a.B/C'], [[]]],
  ['nobody asks', [called('/a.B/C', 1)], [], []],
])('streams without an id: %s', (_, streams, methods, wanted) => {
  expect(shares(streams, ...methods)).toEqual(wanted);
});
