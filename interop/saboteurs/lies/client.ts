/** What a client may do wrong while it keeps to the contract; the catalogue tells what each must break. */
import { setTimeout as sleep } from 'node:timers/promises';
import { row } from '../../../contracts/manage/table.ts';
import { Code } from '../../model/status.ts';
import type { Lie } from '../program/behaviour.ts';
import { honest } from '../program/honest.ts';
import type { Call, Ended } from '../program/lines.ts';
import { lookUp } from '../program/plain.ts';
import { firstValues, isInstruction, mapBinary } from './metadata.ts';
import { never } from './never.ts';
import { makeRotation } from './rotation.ts';
import { decodeRow, encodeRow, isPlain, isQuestion, nameIn, readsRows } from './rows.ts';
import { texts } from './texts.ts';

/** Makes the call honestly and tells something else of it. */
export function reports(change: (record: Ended, call: Call) => Ended): Lie {
  return { takes: async (call, make) => change(await make(call), call) };
}

/** Makes another call than it was asked to. */
export function calls(change: (call: Call) => Call): Lie {
  return { takes: (call, make) => make(change(call)) };
}

/** Sends other texts in its requests than it was asked to. */
function asks(change: (text: string) => string): Lie {
  return texts('line', change);
}

function reportsStatus(change: (status: Ended['status']) => Ended['status']): Lie {
  return reports((record) => ({ ...record, status: change(record.status) }));
}

/** Of a call that was not made. */
function record(id: string, code: Code, message: string): Ended {
  return { id, status: { code, message }, responses: [], headers: [], trailers: [], sent: 1, elapsedMs: 1 };
}

const sendsNoTimeout = () => undefined;
/** Later than any scenario takes for being on time. */
const lateMs = 2_500;
const rotate = makeRotation<Ended>();
let callCount = 0;
const mebibyte = 1024 * 1024;

export const clientLies = {
  'reads-wrong-id': readsRows((row) => ({ ...row, id: row.id + 1 })),
  'loses-zero': reports((record, call) => ({
    ...record,
    responses: record.responses.filter(({ bytes }) => !isPlain(call) || decodeRow(bytes).id !== 0),
  })),
  'reports-response-beside-error': reports((record, call) =>
    record.responses.length === 0 && isPlain(call)
      ? { ...record, responses: [{ bytes: encodeRow(row('Stitch')).toString('base64') }] }
      : record,
  ),
  'invents-answers': {
    async takes(call, make) {
      if (!isPlain(call)) return make(call);
      const { code, message, row } = lookUp(nameIn(call));
      const responses = row ? [{ bytes: encodeRow(row).toString('base64') }] : [];
      return { ...record(call.id, code, message), responses };
    },
  },
  'calls-twice': {
    async takes(call, make) {
      const [record] = await Promise.all([make(call), make(call)]);
      return record;
    },
  },
  'retries-unavailable': {
    async takes(call, make) {
      const record = await make(call);
      return record.status.code === Code.UNAVAILABLE ? make(call) : record;
    },
  },
  'asks-for-lower-case': asks((name) => name.toLowerCase()),
  'trims-requests': asks((name) => name.trim()),
  'asks-for-ascii': asks((name) => name.replaceAll(/[^\0-\x7f]/gu, '?')),
  'asks-composed': asks((name) => name.normalize('NFC')),
  'asks-up-to-nul': asks((name) => name.replace(/\0.*/s, '')),
  'asks-for-somebody': {
    parses(type, bytes, from) {
      const message = honest.parses(type, bytes, from);
      return isQuestion(type) && bytes.length === 0 ? Object.assign(message, { name: 'Stitch' }) : message;
    },
  },

  'sends-no-metadata': calls((call) => ({ ...call, metadata: call.metadata.filter(isInstruction) })),
  'sends-first-values': calls((call) => ({ ...call, metadata: firstValues(call.metadata) })),
  'sends-high-bits-cleared': calls((call) => ({
    ...call,
    metadata: call.metadata.map(mapBinary((bytes) => bytes.map((byte) => byte & 0x7f))),
  })),
  'reports-first-values': reports((record) => ({
    ...record,
    headers: firstValues(record.headers),
    trailers: firstValues(record.trailers),
  })),
  'reports-base64': reports((record) => {
    const encode = mapBinary((bytes) => Buffer.from(bytes.toString('base64')));
    return { ...record, headers: record.headers.map(encode), trailers: record.trailers.map(encode) };
  }),
  'reports-no-headers': reports((record) => ({ ...record, headers: [] })),
  'reports-no-trailers': reports((record) => ({ ...record, trailers: [] })),
  'takes-headers-for-trailers': reports((record) => ({
    ...record,
    headers: [],
    trailers: [...record.headers, ...record.trailers],
  })),

  'reports-unknown': reportsStatus((status) => ({ ...status, code: status.code && Code.UNKNOWN })),
  'reports-names-of-http': reportsStatus((status) => ({
    ...status,
    code: status.code === Code.UNAUTHENTICATED ? Code.PERMISSION_DENIED : status.code,
  })),
  'reports-no-message': reportsStatus((status) => ({ ...status, message: '' })),
  'decodes-no-percent': { decodesMessage: (value) => value },
  'decodes-percent-twice': { decodesMessage: (value) => honest.decodesMessage(honest.decodesMessage(value)) },
  'decodes-latin-1': {
    decodesMessage: (value) => Buffer.from(honest.decodesMessage(value)).toString('latin1'),
  },

  'ignores-deadlines': {
    sendsTimeout: sendsNoTimeout,
    endsAfter: () => Number.POSITIVE_INFINITY,
    async takes(call, make) {
      const ended = await make(call);
      return call.timeoutMs > 0 && ended.elapsedMs > call.timeoutMs ? never : ended;
    },
  },
  'passes-no-deadline-on': { sendsTimeout: sendsNoTimeout },
  'ends-late': {
    sendsTimeout: (ms) => honest.sendsTimeout(ms + lateMs),
    endsAfter: (ms) => ms + lateMs,
  },
  'ends-early': { sendsTimeout: (ms) => honest.sendsTimeout(ms / 2), endsAfter: (ms) => ms / 2 },
  'sends-seconds': { sendsTimeout: (ms) => `${Math.round(ms)}S` },
  'timer-of-32-bits-too': { endsAfter: (ms) => (ms > 2 ** 31 ? 1 : ms) },
  'never-cancels': calls((call) => ({ ...call, steps: call.steps.filter((step) => !('cancel' in step)) })),
  'cancels-in-secret': { givesUp() {} },
  'has-no-clock': reports((record) => ({ ...record, elapsedMs: 0 })),

  'calls-what-it-knows': calls((call) => ({ ...call, method: call.types || call.method })),
  'cannot-gunzip-responses': { gunzips: () => Promise.reject(new Error('gzip is not installed')) },
  'flags-what-is-plain': { gzips: async (bytes) => ({ compressed: true, bytes }) },
  'sends-1-mib': {
    takes: async (call, make) =>
      call.steps.some((step) => 'send' in step && (step.send.length * 3) / 4 > mebibyte)
        ? record(call.id, Code.RESOURCE_EXHAUSTED, 'too large')
        : make(call),
  },

  'mixes-up-records': {
    async takes(call, make) {
      const record = await make(call);
      return isPlain(call) && record.status.code === Code.OK
        ? { ...(await rotate(record)), id: call.id }
        : record;
    },
  },
  'tires-after-500-calls': {
    takes: async (call, make) => {
      const record = await make(call);
      const status = { code: Code.UNAVAILABLE, message: 'too many calls' };
      return ++callCount > 500 ? { ...record, status } : record;
    },
  },

  'never-waits-for-ready': { waitsForReady: () => false },
  'always-waits-for-ready': { waitsForReady: () => true },
  'gives-up-late': {
    async takes(call, make) {
      const record = await make(call);
      if (record.status.code !== Code.UNAVAILABLE) return record;
      await sleep(lateMs);
      return { ...record, elapsedMs: record.elapsedMs + lateMs };
    },
  },
  'never-reconnects': { reconnects: false },
  'swallows-calls': { takes: () => never },
} satisfies Record<string, Lie>;
