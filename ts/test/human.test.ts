import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { createServer } from '../src/server/offer.ts';
import { pickOne } from '../src/service/pick-one.ts';
import { run, start } from './program.ts';
import { running } from './running.ts';

const row = 'Expirement:\n---Name:Stitch \n---ID:7 \n---Skill:making annoyed noise\n';

test('a row is printed word for word', async () => {
  using server = await running(createServer(pickOne));
  const ended = await run('client', '--address', server.address);
  assert.deepEqual(ended, { code: 0, stdout: row, stderr: '' });
});

test('a name that is not found is said so, and the others are still looked up', async () => {
  using server = await running(createServer(pickOne));
  const ended = await run('client', '--address', server.address, 'nobody', 'Stitch');
  assert.deepEqual(ended, { code: 1, stdout: row, stderr: 'NOT_FOUND: expirement not found\n' });
});

test('the server says where it listens, and ends with 0 on SIGINT', async () => {
  using server = start('server', '--port', '0');
  const [said] = await once(server.child.stderr, 'data');
  assert.match(String(said), /^listening on 127\.0\.0\.1:\d+\n$/);
  server.child.kill('SIGINT');
  assert.equal(await server.exitCode, 0);
});

test('a port that is taken is one sentence and exit code 1', async () => {
  using server = await running(createServer(pickOne));
  const port = server.address.split(':')[1] ?? '';
  const ended = await run('server', '--port', port);
  assert.deepEqual(ended, { code: 1, stdout: '', stderr: `port ${port}: address already in use\n` });
});

test('health is the exit code', async () => {
  const healthy = await running(createServer(pickOne));
  assert.deepEqual(await run('health', '--address', healthy.address), { code: 0, stdout: '', stderr: '' });
  healthy[Symbol.dispose]();
  const { code, stderr } = await run('health', '--address', healthy.address);
  assert.equal(code, 1);
  assert.match(stderr, /^127\.0\.0\.1:\d+ does not tell its health: UNAVAILABLE: /);
});

test('bad arguments are a sentence and exit code 2', async () => {
  const ended = await run('server', '--port', 'six');
  const stderr = '--port: wanted a number from 0 to 65535, got "six"\n';
  assert.deepEqual(ended, { code: 2, stdout: '', stderr });
});
