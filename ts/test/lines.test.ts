import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseCall } from '../src/client/call.ts';
import { formatDuration, parseDuration } from '../src/lines/duration.ts';
import { fromEntries, toEntries } from '../src/lines/metadata.ts';

test('durations are proto3 JSON', () => {
  assert.equal(formatDuration(1500), '1.500000s');
  assert.equal(formatDuration(-0.25), '-0.000250s');
  assert.equal(parseDuration('2592000s'), 2_592_000_000);
  assert.equal(parseDuration('0.001500s'), 1.5);
});

for (const text of ['soon', '1', '1m', 's', 5]) {
  test(`${JSON.stringify(text)} is no duration`, () => {
    assert.throws(() => parseDuration(text), /wanted a duration like "1.5s"/);
  });
}

test('metadata survives the way there and back, values of a key in order', () => {
  const everyByte = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte)).toString('base64');
  const entries = [
    { key: 'a', text: '1' },
    { key: 'a', text: '' },
    { key: 'b-bin', binary: everyByte },
    { key: 'b-bin', binary: '' },
  ];
  assert.deepEqual(toEntries(fromEntries(entries)), entries);
});

test('a call has the defaults of proto3', () => {
  assert.deepEqual(parseCall('{"id":"1"}'), {
    id: '1',
    kind: '',
    address: '',
    channel: '',
    method: '',
    request: { name: '' },
    metadata: [],
    timeoutMs: undefined,
    cancelAfterMs: undefined,
    isWaitingForReady: false,
    compression: '',
  });
});

test('a member of a call may have either of its names, and unknown ones are ignored', () => {
  const json = parseCall('{"id":"1","cancelAfter":"1s","waitForReady":true,"mood":"good"}');
  const proto = parseCall('{"id":"1","cancel_after":"1s","wait_for_ready":true}');
  assert.deepEqual(json, proto);
  assert.equal(json.cancelAfterMs, 1000);
  assert.equal(json.isWaitingForReady, true);
});

for (const line of ['garbage', '[]', 'null', '{"id":7}', '{"id":"1","timeout":"soon"}']) {
  test(`${line} is no call`, () => {
    assert.throws(() => parseCall(line));
  });
}
