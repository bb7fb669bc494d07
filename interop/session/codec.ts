/**
 * Between the lines of proto/peer.proto (JSON: absent members have their default, bytes
 * are base64) and the model, where messages are plain data.
 */
import { readMessage } from '../messages/read.ts';
import { detailsOf } from '../messages/status.ts';
import type { Method, Types } from '../messages/types.ts';
import type {
  Call,
  CallRecord,
  ClientStep,
  Metadatum,
  Script,
  ServedRecord,
  ServerStep,
} from '../model/call.ts';
import type { Message } from '../model/message.ts';
import type { Implementation, MessageDepth } from '../model/peer.ts';
import type { ClientPem } from '../model/tls.ts';

type Lined = Readonly<Record<string, unknown>>;

/** The line that makes a client call, encrypted with that. */
export function encodeCall(call: Call, tls?: ClientPem): string {
  const { id, address, channel, method, types, metadata, timeoutMs, waitForReady, compression, steps } = call;
  return JSON.stringify({
    id,
    call: {
      channel: { address, name: channel, tls },
      method,
      types,
      metadata,
      timeoutMs,
      waitForReady,
      compression,
      steps: steps.map(encodeStep),
      times: call.times,
      atOnce: call.atOnce,
    },
  });
}

/** The member of a line that has a server keep the script. */
export function encodeScript({ name, compression, steps }: Script): object {
  return { name, compression, steps: steps.map(encodeStep) };
}

function encodeStep(step: ClientStep | ServerStep): object {
  if ('send' in step) return { ...step, send: step.send.bytes };
  if ('headers' in step) return { headers: { entries: step.headers } };
  if (!('end' in step)) return step;
  const { trailers, ...status } = step.end;
  return { end: { status, trailers } };
}

/** Throws an Error whose message says what was wanted when the line is not a JSON object. */
export function decodeLine(line: string): Lined {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    throw new Error('is not JSON');
  }
  if (!isObject(value)) throw new Error('is not a JSON object');
  return value;
}

/** An `ended` line. `method`: whose types the call has. */
export function decodeCallRecord(json: Lined, method: Method | undefined, types: Types): CallRecord {
  const [unsupported, unusable] = [string(json, 'unsupported'), string(json, 'unusable')];
  // Some libraries merge the two.
  const [headers, trailers] = [metadata(json, 'headers'), metadata(json, 'trailers')];
  return {
    id: string(json, 'id'),
    ...(unsupported && { unsupported }),
    ...(unusable && { unusable }),
    ...status(json, types, [...trailers, ...headers]),
    responses: messages(json, 'responses', method?.response, types),
    headers,
    trailers,
    sent: number(json, 'sent'),
    elapsedMs: number(json, 'elapsedMs'),
  };
}

/** A `served` line. */
export function decodeServedRecord(json: Lined, types: Types): ServedRecord {
  const path = string(json, 'method');
  const method = types.methods.get(path);
  const [unusable, clientName] = [string(json, 'unusable'), string(json, 'clientName')];
  return {
    callId: string(json, 'callId'),
    method: path,
    script: string(json, 'script'),
    requests: messages(json, 'requests', method?.request, types),
    metadata: metadata(json, 'metadata'),
    ...(json.timeRemainingMs !== undefined &&
      json.timeRemainingMs !== null && { timeRemainingMs: number(json, 'timeRemainingMs') }),
    ...(clientName && { clientName }),
    cancelled: json.cancelled === true,
    ...status(json, types),
    responses: messages(json, 'responses', method?.response, types),
    ...(unusable && { unusable }),
  };
}

/** A `ready` line. */
export function decodeImplementation(json: Lined): Implementation {
  const depth = string(json, 'messages');
  const messages = depths.find((each) => each === depth);
  if (depth !== '' && !messages)
    throw new Error(`has messages ${JSON.stringify(depth)} where ${depths.join(', ')} was wanted`);
  return {
    language: string(json, 'language'),
    languageVersion: string(json, 'languageVersion'),
    library: string(json, 'library'),
    libraryVersion: string(json, 'libraryVersion'),
    ...(messages && { messages }),
  };
}

const depths: readonly MessageDepth[] = ['generated', 'dynamic', 'bytes'];

/** The member, when it is an object. */
export function object(json: Lined, key: string): Lined | undefined {
  const value = json[key];
  return isObject(value) ? value : undefined;
}

export function string(json: Lined, key: string): string {
  const value = json[key] ?? '';
  if (typeof value !== 'string')
    throw new Error(`has ${key} ${JSON.stringify(value)} where a string was wanted`);
  return value;
}

export function number(json: Lined, key: string): number {
  const value = json[key] ?? 0;
  if (typeof value !== 'number')
    throw new Error(`has ${key} ${JSON.stringify(value)} where a number was wanted`);
  return value;
}

/** Where the library does not tell of details, the metadata does. */
function status(
  json: Lined,
  { registry }: Types,
  entries: readonly Metadatum[] = [],
): Pick<CallRecord, 'code' | 'message' | 'details'> {
  const from = object(json, 'status') ?? {};
  const trailer = entries.find(({ key }) => key === 'grpc-status-details-bin');
  const told = string(from, 'details') || (trailer && 'binary' in trailer ? trailer.binary : '');
  const details = detailsOf(Buffer.from(told, 'base64'), registry);
  return {
    code: number(from, 'code'),
    message: string(from, 'message'),
    ...(details.length > 0 && { details }),
  };
}

function messages(
  json: Lined,
  key: string,
  type: Method['request'] | undefined,
  types: Types,
): readonly Message[] {
  return list(json, key).map((entry) => {
    const bytes = string(entry, 'bytes');
    const times = number(entry, 'times');
    return { ...readMessage(type, bytes, types), ...(times > 1 && { times }) };
  });
}

function metadata(json: Lined, key: string): readonly Metadatum[] {
  return list(json, key).map((entry) =>
    entry.binary === undefined
      ? { key: string(entry, 'key'), text: string(entry, 'text') }
      : { key: string(entry, 'key'), binary: padded(string(entry, 'binary')) },
  );
}

function list(json: Lined, key: string): readonly Lined[] {
  const value = json[key] ?? [];
  if (!Array.isArray(value)) throw new Error(`has ${key} where a list was wanted`);
  return value.map((entry: unknown) => {
    if (!isObject(entry))
      throw new Error(`has ${JSON.stringify(entry)} in ${key} where an object was wanted`);
    return entry;
  });
}

/** Base64 with its padding, which some JSON writers leave out. */
function padded(base64: string): string {
  return Buffer.from(base64, 'base64').toString('base64');
}

function isObject(value: unknown): value is Lined {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
