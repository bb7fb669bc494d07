import { PassThrough, type Readable } from 'node:stream';
import { ScalarType } from '@bufbuild/protobuf';
import { type ClientSession, type Limits, SilentCall } from '../launch/launcher.ts';
import { PeerError } from '../launch/peer-error.ts';
import type { Program } from '../launch/program.ts';
import { within } from '../launch/within.ts';
import type { Method, Types } from '../messages/types.ts';
import type { Call, CallRecord } from '../model/call.ts';
import type { Json, JsonObject } from '../model/message.ts';
import type { OutputPatterns, Peer } from '../model/peer.ts';
import { keepLog } from './log.ts';
import { unknownImplementation } from './nobody.ts';
import { readOutput } from './output.ts';

/** Starts the program with these placeholders filled in; `input` is what it is to read. */
type Run = (
  values: Readonly<Record<string, string>>,
) => Promise<{ readonly program: Program; readonly input: string }>;

/** A client program that knows nothing of the harness: it is run once a call, and its output is read. */
export function openOnceClient(
  peer: Peer,
  output: OutputPatterns,
  limits: Limits,
  types: Types,
  run: Run,
): ClientSession {
  const { promise: faulted, resolve } = Promise.withResolvers<PeerError>();
  const running = new Set<Program>();
  const said = new PassThrough();
  const log = keepLog(said, limits.logBytes);
  let fault: PeerError | undefined;

  async function call(call: Call): Promise<readonly CallRecord[]> {
    if (fault) throw fault;
    const startedAt = performance.now();
    const { program, input } = await run(valuesOf(call, types));
    running.add(program);
    const [stdout, stderr] = [collect(program.stdout, limits), collect(program.stderr, limits, said)];
    program.stdin.on('error', () => {});
    program.stdin.end(input);
    const ending = await within(program.ended, limits.callMs);
    running.delete(program);
    await program.kill();
    if (!ending) throw new SilentCall(call, limits.callMs, true);
    const method = types.methods.get(call.types ?? call.method);
    const printed = { ...ending, stdout: stdout(), stderr: stderr() };
    const read = readOutput(output, printed, method?.response, types.registry);
    const elapsedMs = performance.now() - startedAt;
    return [{ id: call.id, ...read, headers: [], trailers: [], sent: 1, elapsedMs }];
  }

  async function stop(): Promise<undefined> {
    await Promise.all([...running].map((program) => program.kill()));
  }

  return {
    call,
    isUnknowing: true,
    ...(!isNamingCalls(peer) && { namesNoCalls: true }),
    implementation: unknownImplementation,
    startupMs: 0,
    faulted,
    get fault() {
      return fault;
    },
    fail(what) {
      fault ??= new PeerError({ peer: peer.name, role: 'client', stage: 'call', what }, true);
      resolve(fault);
      return fault;
    },
    logSince: log.since,
    logMark: log.mark,
    stop,
    async [Symbol.asyncDispose]() {
      await stop();
    },
  };
}

function isNamingCalls({ client }: Peer): boolean {
  return [...(client?.args ?? []), client?.input ?? ''].some((text) => text.includes('{call-id}'));
}

/** What stands for the placeholders: the one request, whole and field by field. */
function valuesOf(
  { id, address, method, types: like = method, metadata, steps }: Call,
  { methods }: Types,
): Readonly<Record<string, string>> {
  const [request] = steps.flatMap((step) => ('send' in step ? step.send.json : []));
  const script = metadata.find(({ key }) => key === 'stitch-script');
  return {
    address,
    method: method.slice(1),
    'call-id': id,
    script: script && 'text' in script ? script.text : '',
    'request:json': JSON.stringify(request ?? {}),
    ...fieldsOf({ ...emptyTexts(methods.get(like)), ...asObject(request) }),
  };
}

/** `{name}` is the text of the field, `{name:json}` the same as JSON. */
function fieldsOf(request: JsonObject): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(request).flatMap(([name, value]) => [
      [name, typeof value === 'string' ? value : JSON.stringify(value)],
      [`${name}:json`, JSON.stringify(value)],
    ]),
  );
}

/** Texts that are empty are not in a message's JSON, and are texts all the same. */
function emptyTexts(method: Method | undefined): JsonObject {
  const texts = method?.request.fields.filter(({ scalar }) => scalar === ScalarType.STRING) ?? [];
  return Object.fromEntries(texts.map(({ name }) => [name, '']));
}

function asObject(json: Json | undefined): JsonObject {
  return typeof json === 'object' && json !== null && !Array.isArray(json) ? (json as JsonObject) : {};
}

/** Reads the stream, passes it on, and gives the first `lineBytes` of it. */
function collect(stream: Readable, { lineBytes }: Limits, also?: PassThrough): () => string {
  const chunks: Buffer[] = [];
  let bytes = 0;
  stream.on('data', (chunk: Buffer) => {
    if (bytes < lineBytes) chunks.push(chunk);
    bytes += chunk.length;
    also?.write(chunk);
  });
  stream.on('error', () => {});
  return () => Buffer.concat(chunks).subarray(0, lineBytes).toString();
}
