import type { Call, CallRecord, Script, ServedRecord } from '../model/call.ts';
import type { LogLine } from '../model/log.ts';
import type { Implementation, Peer } from '../model/peer.ts';
import type { ClientPem, Identities, ServerTls } from '../model/tls.ts';
import type { WireEvidence } from '../model/wire.ts';
import type { PeerError } from './peer-error.ts';

/** A peer that can be started. */
export interface Built {
  /** It was there already. */
  readonly cached: boolean;
  /** What exactly it is: an image's name and id, or `sources` and 16 hex digits of their digest. */
  readonly artifact?: string;
}

/** One way to build and start peers. */
export interface Launcher extends AsyncDisposable {
  readonly kind: 'container' | 'process' | 'memory';
  /** The certificates of the run; absent: nothing that it starts can encrypt. */
  readonly identities?: Identities;
  /** Its servers have a third witness. */
  readonly isTapped: boolean;
  /** Builds the peer, or finds it built. Rejects with a PeerError of stage `build`. */
  build(peer: Peer, signal: AbortSignal): Promise<Built>;
  /** Starts the peer's server; resolves when it listens. Port 0 lets the system choose. Rejects with a PeerError. */
  serve(peer: Peer, signal: AbortSignal, port?: number): Promise<RunningServer>;
  /** Starts the peer's client; resolves when it takes calls. Rejects with a PeerError. */
  connect(peer: Peer, signal: AbortSignal): Promise<ClientSession>;
  /** The address of this machine under which the peers that it starts reach the harness. */
  harnessHost(): Promise<string>;
}

/** What both ends have in common while they run. */
export interface Running extends AsyncDisposable {
  readonly implementation: Implementation;
  /** The file in which it tells the keys of its connections; absent: it cannot. */
  readonly keyLog?: string;
  /** From the start of the program to its first line. */
  readonly startupMs: number;
  /** A program that knows nothing of the harness: it leaves no records. */
  readonly isUnknowing?: true;
  /** Why it cannot be used any more; resolves at most once and never rejects. */
  readonly faulted: Promise<PeerError>;
  /** The same, once it is known. */
  readonly fault: PeerError | undefined;
  /** Declares it broken: `what` goes on behind `alpha server …`. The first declaration counts, and is returned. */
  fail(what: string): PeerError;
  /** What it wrote on standard error since `mark`, its times since `originMs` (on the clock of `performance.now`). */
  logSince(mark: number, originMs: number): readonly LogLine[];
  logMark(): number;
  /** Ends it and all it started. Resolves to a sentence when it had to be forced. Idempotent. */
  stop(): Promise<string | undefined>;
}

/** A server that listens. */
export interface RunningServer extends Running {
  /** Where clients of this launcher reach it: `127.0.0.1:40123`. */
  readonly address: string;
  /** How it is called there, where every connection to it is encrypted. */
  readonly tls?: ClientPem;
  /**
   * Where that client alone reaches it; absent: at `address`, as all do. What cannot be read of an encrypted
   * connection still is that client's.
   */
  reachedBy?(client: ClientSession): Promise<string>;
  /**
   * Everything the server says it served under this call id, of a call that has
   * ended at the client. The record of an answered call is here once the server has
   * been told to `flush`; that of a cancelled one may be late, and is waited for, so long
   * in ms: it comes when the handler notices. Rejects with the fault when the server is gone.
   */
  served(callId: string, waitMs: number): Promise<readonly ServedRecord[]>;
  /** So long a record that may be late is waited for. */
  readonly recordMs: number;
  /**
   * Resolves when the records of all calls that have been answered are here; of a server that knows nothing of
   * the harness, and has none, when it is still there. Rejects with the fault when the server is gone.
   */
  flush(): Promise<void>;
  /** From now on gets each record as it comes, in place of `served`: none is kept. */
  onServed(listener: (record: ServedRecord) => void): void;
  /** Has the server keep the script; resolves when calls may name it. Of one name once is enough. */
  load(script: Script): Promise<void>;
  /** Has it answer calls that name no script with these, each named like a method's path, and no others from now on. */
  answerUnnamed(scripts: readonly Script[]): Promise<void>;
  /** Opens one more listener (on that port of an earlier address, if given), encrypted or not; resolves to its address. */
  listen(address?: string, tls?: ServerTls): Promise<string>;
  /** Ends a listener and its connections. */
  close(address: string): Promise<void>;
  /** Ends a listener when its calls have ended, and takes no new ones. */
  drain(address: string): Promise<void>;
  /** The third witness; absent when nobody reads along. */
  readonly wire?: Wire | undefined;
}

/** What was read of the bytes between a server and its clients. */
export interface Wire {
  /**
   * Resolves when each of these calls has ended where it crossed: what a client says of an answer
   * can be known before the last of it has passed. After so long at most, and at once for a call
   * that was not seen, or of whose connection nothing more can be read.
   */
  settle(
    calls: readonly (Pick<Call, 'id' | 'address'> & Partial<Pick<Call, 'method'>>)[],
    withinMs: number,
  ): Promise<void>;
  /**
   * What crossed of each call, in that order, and what is forgotten from now on. Troubles
   * are those of connections that were there since then (on the clock of `performance.now`).
   */
  take(calls: readonly Pick<Call, 'id' | 'address'>[], sinceMs: number): readonly WireEvidence[];
  /**
   * The same for calls that have no id, all that there were at that address: each gets what crossed of
   * its method, in order; what is too much is the last one's. What is asked of services that nobody described is left out.
   */
  takeUnnamed(
    address: string,
    calls: readonly Pick<Call, 'method'>[],
    sinceMs: number,
  ): readonly WireEvidence[];
}

/** A client that takes calls. */
export interface ClientSession extends Running {
  /**
   * Makes the call, or the row of them, and gives a record for each; any number at a time. Rejects with
   * the fault when the client is gone, with SilentCall when a call does not end. `name`: of the case that it is part of;
   * `tls`: what encrypts it, where that is nothing of `identities`.
   */
  call(call: Call, name?: string, tls?: ClientPem): Promise<readonly CallRecord[]>;
  /**
   * Of a program that is not told what to call: runs it once for all calls of that case, and gives a
   * record for each. Rejects when it cannot be started.
   */
  playCase?(name: string, calls: readonly Call[]): Promise<readonly CallRecord[]>;
  /** Of such a program: a case that it makes, where its manifest names one in full. */
  readonly aCase?: string;
  /** A program that knows nothing of the harness and sends no call ids: its calls are matched by their order. */
  readonly namesNoCalls?: true;
  /** It sends no names of scripts: those are answered by the script that is named like their method. */
  readonly namesNoScripts?: true;
  /** Why its calls have no third witness, although they were to have one. */
  readonly untapped?: string;
}

/** A call that did not end within the harness's own bound; which side is silent is another question. */
export class SilentCall extends Error {
  override readonly name = 'SilentCall';
  readonly call: Call;
  readonly waitedMs: number;
  /** The client still answers an instruction. */
  readonly isClientAlive: boolean;
  /** Its place in a row of equal calls. */
  readonly inRow: number;

  /** `call`: as it was given to the client, be it a row. */
  constructor(call: Call, waitedMs: number, isClientAlive: boolean, inRow = 0) {
    const id = (call.times ?? 1) > 1 ? `${call.id}.${inRow}` : call.id;
    super(`call ${id} did not end within ${waitedMs} ms`);
    const { times: _, atOnce: __, ...one } = call;
    this.call = { ...one, id };
    this.inRow = inRow;
    this.waitedMs = waitedMs;
    this.isClientAlive = isClientAlive;
  }
}

/** How long is waited for what, and how much is kept. */
export interface Limits {
  /** For the first line of a program that was started. */
  readonly readyMs: number;
  /** For the end of a call. */
  readonly callMs: number;
  /** For a server's record of a call, or its answer to an instruction. */
  readonly recordMs: number;
  /** For the end of a program whose standard input was closed; the contract gives it 5 s. */
  readonly stopMs: number;
  /** For the end of a program that got SIGTERM after that. */
  readonly termMs: number;
  readonly lineBytes: number;
  readonly logBytes: number;
}

export const defaultLimits: Limits = {
  readyMs: 30_000,
  callMs: 10_000,
  recordMs: 5_000,
  stopMs: 6_000,
  termMs: 2_000,
  lineBytes: 32 * 1024 * 1024,
  logBytes: 64 * 1024,
};
