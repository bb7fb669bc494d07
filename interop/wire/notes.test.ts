import { expect, it } from 'vitest';
import { noTypes } from '../messages/types.ts';
import { methodsOf } from './methods.ts';
import { takeNotes } from './notes.ts';

const settings = Buffer.from('000000040000000000', 'hex');
/** Of a ClientHello. */
const beginning = Buffer.from('160301', 'hex');

function troublesOf(...passed: readonly (readonly ['client' | 'server', Buffer])[]) {
  const address = '127.0.0.1:6000';
  const notes = takeNotes(methodsOf(noTypes));
  const watcher = notes.watch(address);
  for (const [from, bytes] of passed) watcher.passed(from, bytes);
  return notes.take([{ id: 'c1.0', address }], 0).flatMap(({ troubles }) => troubles);
}

it('takes no SETTINGS for TLS, whether they pass before the client begins to encrypt or behind that', () => {
  const invalid = expect.objectContaining({
    kind: 'invalid',
    problem: expect.objectContaining({ from: 'server', offset: 0, wanted: 'a TLS record' }),
  });
  expect(troublesOf(['client', beginning], ['server', settings])).toEqual([invalid]);
  expect(troublesOf(['server', settings], ['client', beginning])).toEqual([invalid]);
});
