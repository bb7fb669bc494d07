import { expect, it } from 'vitest';
import { PeerError } from './peer-error.ts';

function message(lines: number): readonly string[] {
  const stderr = Array.from({ length: lines }, (_, index) => `line ${index + 1}\n`).join('');
  const failure = {
    peer: 'alpha',
    role: 'server',
    stage: 'ready',
    what: 'ended',
    stderr,
    hint: 'start it alone',
  } as const;
  return new PeerError(failure).message.split('\n');
}

it('is a sentence, what stood on standard error, and a hint', () => {
  expect(message(2)).toEqual([
    'alpha server ended',
    '  stderr: line 1',
    '  stderr: line 2',
    '  hint: start it alone',
  ]);
});

it('shows all of a little more than the bound, and both ends of what is long', () => {
  expect(message(13).slice(1, -1)).toHaveLength(13);
  expect(message(40).slice(1, -1)).toEqual([
    ...[1, 2, 3, 4].map((line) => `  stderr: line ${line}`),
    '  stderr: … 28 more lines …',
    ...[33, 34, 35, 36, 37, 38, 39, 40].map((line) => `  stderr: line ${line}`),
  ]);
});
