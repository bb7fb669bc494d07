/** What a client may do wrong while it keeps to the contract; catalogue.ts tells what each must break. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Call, CallRecord } from '../model/call.ts';
import { Code } from '../model/status.ts';
import { row } from '../scenarios/table.ts';
import { honest, type Lie, lookUp, pickOne } from './manners.ts';
import { firstValues, isInstruction, mapBinary } from './metadata.ts';
import { makeMixer } from './mixer.ts';

/** Makes the call honestly and tells something else of it. */
function reports(change: (record: CallRecord, call: Call) => CallRecord): Lie {
  return { takes: async (call, make) => change(await make(call), call) };
}

/** Makes another call than it was asked to. */
function calls(change: (call: Call) => Call): Lie {
  return { takes: (call, make) => make(change(call)) };
}

function callsName(change: (name: string) => string): Lie {
  return calls((call) => ({ ...call, name: change(call.name) }));
}

function reportsReply(change: (reply: NonNullable<CallRecord['reply']>) => CallRecord['reply']): Lie {
  return reports(({ reply, ...record }) => {
    const changed = reply && change(reply);
    return { ...record, ...(changed && { reply: changed }) };
  });
}

const never = new Promise<never>(() => {});
const sendsNoTimeout = () => undefined;
/** Later than any scenario takes for being on time. */
const lateMs = 2_500;
const mix = makeMixer<CallRecord>();
let callCount = 0;

export const clientLies = {
  'reads-wrong-id': reportsReply((reply) => ({ ...reply, id: reply.id + 1 })),
  'loses-zero': reportsReply((reply) => (reply.id === 0 ? undefined : reply)),
  'reports-reply-beside-error': reports((record) => ({ reply: row('Stitch'), ...record })),
  'invents-answers': {
    takes: async ({ id, name }) => ({ id, ...lookUp(name), headers: [], trailers: [], elapsedMs: 1 }),
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
      return record.code === Code.UNAVAILABLE ? make(call) : record;
    },
  },
  'asks-for-lower-case': callsName((name) => name.toLowerCase()),
  'trims-requests': callsName((name) => name.trim()),
  'asks-for-ascii': callsName((name) => name.replaceAll(/[^\0-\x7f]/gu, '?')),
  'asks-composed': callsName((name) => name.normalize('NFC')),
  'asks-up-to-nul': callsName((name) => name.replace(/\0.*/s, '')),
  'asks-for-somebody': callsName((name) => name || 'Stitch'),

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

  'reports-unknown': reports((record) => ({ ...record, code: record.code && Code.UNKNOWN })),
  'reports-names-of-http': reports((record) => ({
    ...record,
    code: record.code === Code.UNAUTHENTICATED ? Code.PERMISSION_DENIED : record.code,
  })),
  'reports-no-message': reports((record) => ({ ...record, message: '' })),
  'decodes-no-percent': { decodesMessage: (value) => value },
  'decodes-percent-twice': { decodesMessage: (value) => honest.decodesMessage(honest.decodesMessage(value)) },
  'decodes-latin-1': {
    decodesMessage: (value) => Buffer.from(honest.decodesMessage(value)).toString('latin1'),
  },

  'ignores-deadlines': { sendsTimeout: sendsNoTimeout, endsAfter: () => Number.POSITIVE_INFINITY },
  'passes-no-deadline-on': { sendsTimeout: sendsNoTimeout },
  'ends-late': {
    sendsTimeout: (ms) => honest.sendsTimeout(ms + lateMs),
    endsAfter: (ms) => ms + lateMs,
  },
  'ends-early': { sendsTimeout: (ms) => honest.sendsTimeout(ms / 2), endsAfter: (ms) => ms / 2 },
  'sends-seconds': { sendsTimeout: (ms) => `${Math.round(ms)}S` },
  'timer-of-32-bits-too': { endsAfter: (ms) => (ms > 2 ** 31 ? 1 : ms) },
  'never-cancels': calls(({ cancelAfterMs: _, ...call }) => call),
  'cancels-in-secret': { resets: false },
  'has-no-clock': reports((record) => ({ ...record, elapsedMs: 0 })),

  'calls-what-it-knows': calls((call) => ({ ...call, method: pickOne })),
  'cannot-gunzip-replies': { gunzips: () => Promise.reject(new Error('gzip is not installed')) },
  'flags-what-is-plain': { gzips: async (bytes) => ({ compressed: true, bytes, encoding: 'gzip' }) },
  'sends-1-mib': {
    takes: async (call, make) =>
      call.name.length <= 1024 * 1024
        ? make(call)
        : {
            id: call.id,
            code: Code.RESOURCE_EXHAUSTED,
            message: 'too large',
            headers: [],
            trailers: [],
            elapsedMs: 1,
          },
  },

  'mixes-up-records': {
    takes: async (call, make) => ({ ...(await mix(await make(call))), id: call.id }),
  },
  'tires-after-500-calls': {
    takes: async (call, make) => {
      const record = await make(call);
      return ++callCount > 500 ? { ...record, code: Code.UNAVAILABLE, message: 'too many calls' } : record;
    },
  },

  'never-waits-for-ready': { waitsForReady: () => false },
  'always-waits-for-ready': { waitsForReady: () => true },
  'gives-up-late': {
    async takes(call, make) {
      const record = await make(call);
      if (record.code !== Code.UNAVAILABLE) return record;
      await sleep(lateMs);
      return { ...record, elapsedMs: record.elapsedMs + lateMs };
    },
  },
  'never-reconnects': { reconnects: false },
  'swallows-calls': { takes: () => never },
} satisfies Record<string, Lie>;
