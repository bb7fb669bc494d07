import assert from 'node:assert/strict';
import { once } from 'node:events';
import { after, before, test } from 'node:test';
import { run, start } from './program.ts';

const server = start('server', '--port', '0');
let port = '';

before(async () => {
  const [said] = await once(server.stderr, 'data');
  port = /^listening on 127\.0\.0\.1:(\d+)\n$/.exec(String(said))?.[1] ?? '';
  assert.notEqual(port, '');
});

after(async () => {
  const closed = once(server, 'close');
  server.kill('SIGTERM');
  assert.deepEqual(await closed, [0, null]);
});

test('a row is printed', async () => {
  const out = 'Expirement:\n---Name:Stitch \n---ID:7 \n---Skill:making annoyed noise\n';
  assert.deepEqual(await run('client', '--address', `127.0.0.1:${port}`), { code: 0, out, errors: '' });
});

test('a status that is not OK is printed', async () => {
  const { code, out, errors } = await run('client', '--address', `127.0.0.1:${port}`, 'Cyber', 'Nobody');
  assert.equal(out, 'Expirement:\n---Name:Cyber \n---ID:0 \n---Skill:breaking\n');
  assert.equal(errors, 'NOT_FOUND: expirement not found\n');
  assert.equal(code, 1);
});

test('health', async () => {
  assert.equal((await run('health', '--address', `127.0.0.1:${port}`)).code, 0);
  const { code, errors } = await run('health', '--address', '127.0.0.1:1');
  assert.equal(code, 1);
  assert.match(errors, /not healthy: UNAVAILABLE/);
});

test('a port that is taken', async () => {
  const { code, errors } = await run('server', '--port', port);
  assert.equal(code, 1);
  assert.match(errors, /^listen EADDRINUSE: address already in use .*\n$/);
});

for (const args of [
  [],
  ['dance'],
  ['server', '--port', '70000'],
  ['server', 'more'],
  ['health', '--port', '1'],
]) {
  test(`bad arguments: ${args.join(' ')}`, async () => {
    const { code, errors } = await run(...args);
    assert.equal(code, 2);
    assert.notEqual(errors, '');
  });
}
