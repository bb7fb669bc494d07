/**
 * Between the lines of proto/peer.proto (proto3 JSON: absent members have their
 * default, durations are strings like "1.5s") and the model.
 */
import type { Call, CallRecord, Expirement, Metadatum, ServedRecord } from '../model/call.ts';
import type { Implementation } from '../model/peer.ts';

type Json = Readonly<Record<string, unknown>>;

/** The `Call` line for a client. */
export function encodeCall(call: Call): string {
  return JSON.stringify({
    id: call.id,
    kind: 'unary',
    address: call.address,
    channel: call.channel,
    method: call.method,
    request: { name: call.name },
    metadata: call.metadata,
    timeout: duration(call.timeoutMs),
    cancelAfter: duration(call.cancelAfterMs),
    waitForReady: call.waitForReady,
    compression: call.compression,
  });
}

/** A `Call` line of a kind that no client knows: one that is alive says so. */
export function encodeProbe(id: string): string {
  return JSON.stringify({ id, kind: 'are-you-there' });
}

/** Throws an Error whose message says what was wanted when the line is not a JSON object. */
export function decodeLine(line: string): Json {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    throw new Error('is not JSON');
  }
  if (!isObject(value)) throw new Error('is not a JSON object');
  return value;
}

export function decodeCallRecord(json: Json): CallRecord {
  const unsupported = string(json, 'unsupported');
  const reply = decodeReply(json);
  return {
    id: string(json, 'id'),
    ...(unsupported && { unsupported }),
    code: number(json, 'code'),
    message: string(json, 'message'),
    ...(reply && { reply }),
    headers: metadata(json, 'headers'),
    trailers: metadata(json, 'trailers'),
    elapsedMs: milliseconds(json, 'elapsed') ?? 0,
  };
}

export function decodeServedRecord(json: Json): ServedRecord {
  const reply = decodeReply(json);
  const timeRemainingMs = milliseconds(json, 'timeRemaining');
  return {
    callId: string(json, 'callId'),
    method: string(json, 'method'),
    name: string(object(json, 'request') ?? {}, 'name'),
    metadata: metadata(json, 'metadata'),
    ...(timeRemainingMs !== undefined && { timeRemainingMs }),
    cancelled: json.cancelled === true,
    code: number(json, 'code'),
    message: string(json, 'message'),
    ...(reply && { reply }),
  };
}

export function decodeImplementation(json: Json | undefined): Implementation {
  const from = json ?? {};
  return {
    language: string(from, 'language'),
    languageVersion: string(from, 'languageVersion'),
    library: string(from, 'library'),
    libraryVersion: string(from, 'libraryVersion'),
  };
}

/** The member, when it is an object. */
export function object(json: Json, key: string): Json | undefined {
  const value = json[key];
  return isObject(value) ? value : undefined;
}

export function string(json: Json, key: string): string {
  const value = json[key] ?? '';
  if (typeof value !== 'string')
    throw new Error(`has ${key} ${JSON.stringify(value)} where a string was wanted`);
  return value;
}

export function number(json: Json, key: string): number {
  const value = json[key] ?? 0;
  if (typeof value !== 'number')
    throw new Error(`has ${key} ${JSON.stringify(value)} where a number was wanted`);
  return value;
}

function decodeReply(json: Json): Expirement | undefined {
  const reply = object(json, 'reply');
  return reply && { name: string(reply, 'name'), id: number(reply, 'id'), skill: string(reply, 'skill') };
}

function metadata(json: Json, key: string): readonly Metadatum[] {
  const value = json[key] ?? [];
  if (!Array.isArray(value)) throw new Error(`has ${key} where a list was wanted`);
  return value.map((entry: unknown) => {
    if (!isObject(entry))
      throw new Error(`has ${key} ${JSON.stringify(entry)} where a metadata entry was wanted`);
    return entry.binary === undefined
      ? { key: string(entry, 'key'), text: string(entry, 'text') }
      : { key: string(entry, 'key'), binary: padded(string(entry, 'binary')) };
  });
}

/** Base64 with its padding, which proto3 JSON lets a writer leave out. */
function padded(base64: string): string {
  return Buffer.from(base64, 'base64').toString('base64');
}

function duration(ms: number | undefined): string | undefined {
  return ms === undefined ? undefined : `${(ms / 1000).toFixed(3)}s`;
}

function milliseconds(json: Json, key: string): number | undefined {
  if (json[key] === undefined) return undefined;
  const text = string(json, key);
  if (!/^-?\d+(\.\d+)?s$/.test(text))
    throw new Error(`has ${key} ${JSON.stringify(text)} where "1.5s" was wanted`);
  return Number.parseFloat(text) * 1000;
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
