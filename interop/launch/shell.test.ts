import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { lineOf } from './shell.ts';

function played(input: Buffer, words: readonly string[], env = {}) {
  const line = lineOf({ words, env, input, mark: 'ended ' });
  return execFileSync('sh', {
    input: Buffer.concat([line, Buffer.from('echo next\n')]),
    stdio: ['pipe', 'pipe', 'ignore'],
    maxBuffer: 1 << 22,
  });
}

it.each([
  ['nothing', Buffer.alloc(0)],
  ['quotes and signs', Buffer.from(`it's "$HOME" \`date\` \\ %s \\000 ; & | *\n\n`)],
  ['bytes that are no text', Buffer.from(Array.from({ length: 256 }, (_, index) => index))],
  ['a megabyte', Buffer.alloc(1 << 20, 'x')],
])('gives a program %s to read, and its end', (_, input) => {
  expect(played(input, ['cat']).equals(Buffer.concat([input, Buffer.from('ended 0\nnext\n')]))).toBe(true);
});

it('gives it words and variables as they are, and tells its exit code', () => {
  const odd = `a'b "c" $d \\ \n e`;
  const program = ['sh', '-c', 'printf "%s|%s" "$1" "$WORD"; exit 3', 'sh', odd];
  expect(String(played(Buffer.alloc(0), program, { WORD: odd }))).toBe(`${odd}|${odd}ended 3\nnext\n`);
});

it('goes on behind a program that does not read, or is not there', () => {
  expect(String(played(Buffer.alloc(1 << 20, 'x'), ['true']))).toBe('ended 0\nnext\n');
  expect(String(played(Buffer.alloc(0), ['/no/such/program']))).toBe('ended 127\nnext\n');
});
