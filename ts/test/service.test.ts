import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createServer } from '../src/server/offer.ts';
import { manage } from '../src/service/definition.ts';
import { pickOne } from '../src/service/pick-one.ts';
import { ascii, running } from './running.ts';

const rows = [
  [0, 'Cyber', 'breaking'],
  [1, 'Shrink', 'short-flying'],
  [2, 'Doubledip', 'filting anying'],
  [3, 'Howcome', 'making why'],
  [4, 'Squawk', 'advanced language skill'],
  [5, 'Truxx', 'seting up heavy machine'],
  [6, 'Gigi', 'touching ur heart'],
  [7, 'Stitch', 'making annoyed noise'],
] as const;

test('every row of the table', async () => {
  using server = await running(createServer(pickOne));
  for (const [id, name, skill] of rows) {
    const { code, reply } = await server.call(name);
    assert.deepEqual({ code, reply }, { code: 0, reply: { name, id, skill } });
  }
});

test('a zero that is absent from the bytes is in the reply', () => {
  const bytes = Buffer.concat([Buffer.of(0x0a, 5), Buffer.from('Cyber')]);
  assert.deepEqual(manage.PickOne.responseDeserialize(bytes), { name: 'Cyber', id: 0, skill: '' });
});

test('every other name is NOT_FOUND', async () => {
  using server = await running(createServer(pickOne));
  for (const name of ['', 'stitch', 'Stitch ', 'Stitch\0', '😀', 'x'.repeat(65_536), 'constructor']) {
    const { code, message, reply } = await server.call(name);
    assert.deepEqual(
      { code, message, reply },
      { code: 5, message: 'expirement not found', reply: undefined },
    );
  }
});

test('the plain service is not instructed', async () => {
  using server = await running(createServer(pickOne));
  const metadata = ascii({ 'stitch-status-code': '7', 'stitch-header-x': '1', 'stitch-wait-ms': 'x' });
  const { code, headers } = await server.call('Gigi', { metadata });
  assert.equal(code, 0);
  assert.equal(
    headers?.some(({ key }) => key === 'x'),
    false,
  );
});

test('a method that is not there is UNIMPLEMENTED', async () => {
  using server = await running(createServer(pickOne));
  const { code } = await server.call('Gigi', { method: '/Manage/PickTwo' });
  assert.equal(code, 12);
});

test('a call that the library refuses to make ends with what the library says', async () => {
  using server = await running(createServer(pickOne));
  const { code, message } = await server.call('Gigi', { metadata: ascii({ k: 'ü' }) });
  assert.deepEqual(
    { code, message },
    { code: 2, message: 'Metadata string value "ü" contains illegal characters' },
  );
});

test('a call is cancelled after the time it was given', async () => {
  using server = await running(createServer(() => {}));
  const { code } = await server.call('Gigi', { cancelAfter: '0.2s' });
  assert.equal(code, 1);
});
