import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { format } from '../src/person/client.ts';
import { run, start } from './program.ts';
import { running } from './running.ts';

const row = 'Expirement:\n---Name:Stitch \n---ID:7 \n---Skill:making annoyed noise\n';

test('a row is printed word for word', async () => {
  using server = await running();
  const ended = await run('client', '--address', server.address);
  assert.deepEqual(ended, { code: 0, stdout: row, stderr: '' });
});

test('a name that is not found is said so, and the others are still looked up', async () => {
  using server = await running();
  const ended = await run('client', '--address', server.address, 'nobody', 'Stitch');
  assert.deepEqual(ended, { code: 1, stdout: row, stderr: 'NOT_FOUND: expirement not found\n' });
});

test('each of several addresses is named before what is there', async () => {
  using one = await running();
  using other = await running();
  const addresses = ['--address', one.address, '--address', other.address];
  const ended = await run('client', ...addresses, 'Stitch', 'nobody');
  const notFound = ({ address }: { address: string }) => `${address}: NOT_FOUND: expirement not found\n`;
  assert.deepEqual(ended, {
    code: 1,
    stdout: `${one.address}\n${row}${other.address}\n${row}`,
    stderr: `${notFound(one)}${notFound(other)}`,
  });
});

test('the server says where it listens, and ends with 0 on SIGINT', async () => {
  using server = start('server', '--port', '0');
  const [said] = await once(server.child.stderr, 'data');
  assert.match(String(said), /^listening on 127\.0\.0\.1:\d+\n$/);
  server.child.kill('SIGINT');
  assert.equal(await server.exitCode, 0);
});

test('a port that is taken is said so, and is exit code 1', async () => {
  using server = await running();
  const port = server.address.split(':')[1] ?? '';
  const { code, stdout, stderr } = await run('server', '--port', port);
  assert.deepEqual([code, stdout], [1, '']);
  assert.ok(stderr.endsWith(`\nport ${port}: address already in use\n`), stderr);
});

test('a zero that is absent from the bytes is printed', () => {
  assert.match(format({ name: 'Cyber' }), /^---ID:0 $/m);
});

test('health is the exit code', async () => {
  const healthy = await running();
  assert.deepEqual(await run('health', '--address', healthy.address), { code: 0, stdout: '', stderr: '' });
  healthy[Symbol.dispose]();
  const { code, stderr } = await run('health', '--address', healthy.address);
  assert.equal(code, 1);
  assert.match(stderr, /^127\.0\.0\.1:\d+ does not tell its health: UNAVAILABLE: /);
});

for (const args of [[], ['dance'], ['server', '--pot', '1'], ['health', 'Gigi'], ['peer', '--harness']]) {
  test(`bad arguments are a sentence and exit code 2: ${args.join(' ')}`, async () => {
    const { code, stdout, stderr } = await run(...args);
    assert.deepEqual([code, stdout], [2, '']);
    assert.match(stderr, /^[^\n]+\n$/);
  });
}
