import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseCommand, UsageError } from '../src/options.ts';

test('a person need not say anything but the command', () => {
  assert.deepEqual(parseCommand(['server']), {
    kind: 'server',
    host: '127.0.0.1',
    port: 6000,
    isHarness: false,
  });
  assert.deepEqual(parseCommand(['client']), {
    kind: 'client',
    address: '127.0.0.1:6000',
    names: ['Stitch'],
    isHarness: false,
  });
  assert.deepEqual(parseCommand(['health']), { kind: 'health', address: '127.0.0.1:6000' });
});

test('options are taken as they are given', () => {
  const server = parseCommand(['server', '--host', '::1', '--port', '0', '--harness']);
  assert.deepEqual(server, { kind: 'server', host: '::1', port: 0, isHarness: true });
  const client = parseCommand(['client', '--address', 'localhost:1', 'Gigi', 'Truxx']);
  assert.deepEqual(client, {
    kind: 'client',
    address: 'localhost:1',
    names: ['Gigi', 'Truxx'],
    isHarness: false,
  });
});

for (const args of [
  [],
  ['dance'],
  ['server', 'Gigi'],
  ['server', '--port', '65536'],
  ['health', '--harness'],
]) {
  test(`bad arguments: ${args.join(' ')}`, () => {
    assert.throws(() => parseCommand(args), UsageError);
  });
}
