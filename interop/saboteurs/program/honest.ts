import { addAbortSignal } from 'node:stream';
import { fromBinary, toBinary } from '@bufbuild/protobuf';
import type { Behaviour } from './behaviour.ts';
import { encodeFrame, fourMiB, gunzip, gzip } from './grpc/frame.ts';
import { decodeMessage, encodeMessage, encodeTimeout } from './grpc/metadata.ts';
import { lookUp, plainTypes } from './plain.ts';

/** Room for 8 KiB of metadata in many small entries, beside what the protocol itself sends. */
export const http2Options = {
  maxHeaderListPairs: 2_000,
  settings: { maxHeaderListSize: 64 * 1024, initialWindowSize: 1024 * 1024 },
} as const;

/** What a connection takes for all its streams together: several large messages at once. */
const connectionBytes = 8 * 1024 * 1024;

/** What a peer should do in each of the places. */
export const honest: Behaviour = {
  starts() {},
  prints: (line) => line,
  stops: (finish) => finish(),
  obeys: (_, carryOut) => carryOut(),
  limitBytes: fourMiB,
  parses: (type, bytes) => fromBinary(type, bytes),
  serializes: (type, message) => toBinary(type, message),
  gunzips: gunzip,
  gzips: async (bytes) => ({ compressed: true, bytes: await gzip(bytes) }),
  isOne: (count) => count === 1,
  frames: encodeFrame,

  http2: http2Options,
  opens: (session) => session.setLocalWindowSize(connectionBytes),
  rewrites: () => undefined,
  tellsKeys: (line) => line,
  secures: (socket) => socket,

  encrypts: (options) => options,
  meets() {},
  finds: (path, types) => types.methods.get(path) ?? plainTypes.methods.get(path),
  sees: (call) => call,
  looksUp: lookUp,
  plays: (script) => script,
  noticesTheEnd: true,
  receives: (take) => take(),
  records: (record, print) => print(record),
  responds: (fields) => fields,
  sendsTrailersOnly: true,
  ends: (ending) => ending,
  encodesMessage: encodeMessage,

  dials: (options) => options,
  counts: (times) => times,
  takes: (call, make) => make(call),
  sendsTimeout: encodeTimeout,
  requests: (fields) => fields,
  endsAfter: (ms) => ms,
  halfCloses: (stream) => void stream.end(),
  // `close` would end the requests first, as if they were whole.
  givesUp: (stream) => void addAbortSignal(AbortSignal.abort(), stream),
  waitsForReady: (call) => call.waitForReady,
  reconnects: true,
  decodesMessage: decodeMessage,
};
