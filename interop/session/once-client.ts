import { PassThrough, Readable } from 'node:stream';
import { type ClientSession, type Limits, SilentCall } from '../launch/launcher.ts';
import { PeerError } from '../launch/peer-error.ts';
import type { Program } from '../launch/program.ts';
import { within } from '../launch/within.ts';
import type { Types } from '../messages/types.ts';
import type { Answer, Call, CallRecord, Untold } from '../model/call.ts';
import type { OutputPatterns, Peer } from '../model/peer.ts';
import {
  isNamingCalls,
  isNamingCases,
  isNamingScripts,
  isRunOnceACase,
  type Values,
} from '../peers/stranger.ts';
import { keepLog } from './log.ts';
import { unknownImplementation } from './nobody.ts';
import { type Printed, printedText, readOutput } from './output.ts';
import { patienceOnceMs } from './patience.ts';
import { valuesOf, valuesOfCase } from './placeholders.ts';

/** Starts the program with these placeholders filled in; `input` is what it is to read, in pieces. */
type Run = (values: Values) => Promise<{ readonly program: Program; readonly input: Iterable<string> }>;

/** A client program that knows nothing of the harness: it is run once a call, or once a case, and its output is read. */
export function openOnceClient(
  peer: Peer,
  output: OutputPatterns | 'none',
  limits: Limits,
  types: Types,
  run: Run,
): ClientSession {
  const { promise: faulted, resolve } = Promise.withResolvers<PeerError>();
  const running = new Set<Program>();
  const said = new PassThrough();
  const log = keepLog(said, limits.logBytes);
  let fault: PeerError | undefined;

  /** Undefined: it did not end in time, and was killed. */
  async function runOnce(values: Values, ms: number): Promise<Printed> {
    if (fault) throw fault;
    const startedAt = performance.now();
    const { program, input } = await run(values);
    running.add(program);
    // What is not read may as well be told with what goes wrong.
    const stdout = collect(program.stdout, limits, ...(output === 'none' ? [said] : []));
    const stderr = collect(program.stderr, limits, said);
    program.stdin.on('error', () => {});
    Readable.from(input).pipe(program.stdin);
    const ending = await within(program.ended, ms, program);
    running.delete(program);
    await program.kill();
    return {
      ...(ending ?? { how: `no end within ${ms} ms`, clean: false, isKilled: true }),
      stdout: stdout(),
      stderr: stderr(),
      elapsedMs: performance.now() - startedAt,
    };
  }

  function recordOf(call: Call, printed: Printed): CallRecord {
    const { id, types: like = call.method, steps } = call;
    const sent = steps.reduce((sum, step) => sum + ('send' in step ? (step.times ?? 1) : 0), 0);
    if (output !== 'none' && !printed.clean && printed.stderr.trim() === '') said.write(printed.stdout);
    const read =
      output === 'none'
        ? endingOf(printed, isNamingCases(peer))
        : readOutput(output, printed, types.methods.get(like)?.response, types.registry);
    return { id, headers: [], trailers: [], sent, elapsedMs: printed.elapsedMs, ...read };
  }

  async function call(call: Call, name = ''): Promise<readonly CallRecord[]> {
    const ms = patienceOnceMs([call], limits);
    const printed = await runOnce(valuesOf(call, name, types), ms);
    if (printed.isKilled) throw new SilentCall(call, ms, true);
    return [recordOf(call, printed)];
  }

  async function playCase(name: string, calls: readonly Call[]): Promise<readonly CallRecord[]> {
    const ms = patienceOnceMs(calls, limits);
    const printed = await runOnce(valuesOfCase(calls[0]?.address ?? '', name), ms);
    const { elapsedMs } = printed;
    return calls.map((each, index) => {
      if (index === calls.length - 1) return recordOf(each, printed);
      return { id: each.id, headers: [], trailers: [], sent: 0, elapsedMs, ...wentOn };
    });
  }

  async function stop(): Promise<undefined> {
    await Promise.all([...running].map((program) => program.kill()));
  }

  const aCase = peer.client?.cases?.find((name) => !name.includes('*'));
  return {
    call,
    ...(isRunOnceACase(peer) && { playCase, ...(aCase !== undefined && { aCase }) }),
    isUnknowing: true,
    ...(!isNamingCalls(peer) && { namesNoCalls: true }),
    ...(!isNamingScripts(peer) && { namesNoScripts: true }),
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

const untold: readonly Untold[] = [
  'status',
  'message',
  'details',
  'responses',
  'headers',
  'trailers',
  'time',
];

/** Of a call that is not the last one of its case. */
const wentOn = {
  code: 0,
  message: '',
  responses: [],
  untold,
  ending: { how: 'it went on', isClean: true, knowsCase: true, printed: '' },
} as const;

function endingOf(printed: Printed, knowsCase: boolean): Answer & Pick<CallRecord, 'untold' | 'ending'> {
  const { how, clean: isClean } = printed;
  const ending = { how, isClean, knowsCase, printed: printedText(printed) };
  return { code: 0, message: '', responses: [], untold, ending };
}

/** Reads the stream, passes it on, and gives the first `lineBytes` of it. */
function collect(stream: Readable, { lineBytes }: Limits, ...also: readonly PassThrough[]): () => string {
  const chunks: Buffer[] = [];
  let bytes = 0;
  stream.on('data', (chunk: Buffer) => {
    if (bytes < lineBytes) chunks.push(chunk);
    bytes += chunk.length;
    for (const each of also) each.write(chunk);
  });
  stream.on('error', () => {});
  return () => Buffer.concat(chunks).subarray(0, lineBytes).toString();
}
