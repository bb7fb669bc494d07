import type { CallSpec, Metadatum, Script } from './call.ts';
import type { Match } from './match.ts';
import type { Json, Message } from './message.ts';
import type { MethodKind } from './method.ts';
import type { ClientFeature, Role, ServerFeature } from './peer.ts';
import type { Code } from './status.ts';
import type { ClientIdentity, ServerIdentity, ServerTls, TlsVersion } from './tls.ts';

/** From and to, both included. */
export interface Range {
  readonly min: number;
  readonly max: number;
}

/** What must cross before a connection is encrypted. */
export interface ExpectedHandshake {
  /** The name that the client says; `none`: it may say none, since an address is none. */
  readonly serverName: string;
  /** Whose certificates are shown; absent: the server does not encrypt. */
  readonly server?: ServerIdentity;
  readonly client?: ClientIdentity;
  readonly asksClients?: true;
  /** Absent: any version from 1.2 on. */
  readonly version?: TlsVersion;
}

/** What must be true of one call. */
export interface Expectation {
  readonly code: Code;
  /** Codes that will do as well, where the specification or its readers leave a choice. */
  readonly orCodes?: readonly Code[];
  /** Absent: any message will do, since its text is the library's own. */
  readonly message?: string;
  /** The details of the status, each an Any in ProtoJSON. Absent: there must be none. */
  readonly details?: readonly Json[];
  /** The requests that the server must have seen. Absent: those that the client was to send. */
  readonly requests?: readonly Message[];
  /** The responses that the client must have got, and the server sent; empty: there must be none. */
  readonly responses: readonly Message[];
  /** What of the responses a server that is not told what to send may have otherwise. */
  readonly match?: Match;
  /**
   * Nothing is known of the answer: any details and responses will do, of OK one response or
   * any number, and the client must tell what crossed. A call that goes on until its deadline
   * is one of that sort as well.
   */
  readonly anyAnswer?: 'one-response' | 'any-responses';
  /** The client must not take what crossed for an answer, but say one of these codes. What it got of the responses is its own affair. */
  readonly clientCodes?: readonly Code[];
  /** For each key named here: these values, in this order, and no others. */
  readonly headers?: readonly Metadatum[];
  readonly trailers?: readonly Metadatum[];
  /** The encoding that the response must name, whether or not its message shrinks. */
  readonly responseEncoding?: 'gzip';
  /** The compressed flag that each response must have. */
  readonly responseFlag?: 0 | 1;
  /** The headers must leave in a frame of their own, not with the status. */
  readonly headersFirst?: true;
  readonly elapsedMs?: Range;
  /**
   * What the server's own record must say; `never`: the call must not reach a handler;
   * `either`: whether it does is the library's own affair.
   */
  readonly served: 'answered' | 'cancelled' | 'never' | 'either';
  /** The connection must be refused: by a client that sends nothing on it, or by a server that answers nothing. */
  readonly refusedBy?: Role;
  /** How the connection must be encrypted, as it crossed. */
  readonly handshake?: ExpectedHandshake;
  /** Who the client is, as the handler must be told of its certificate. */
  readonly clientName?: string;
  /** For each key named here, as the server saw it. */
  readonly metadata?: readonly Metadatum[];
  /** What the handler must be told of its deadline; `none`: that there is none. */
  readonly timeRemainingMs?: Range | 'none';
}

/** One call and what must come of it. */
export interface PlannedCall {
  readonly spec: CallSpec;
  /** What the client takes the method for; absent: it is not described. */
  readonly kind?: MethodKind;
  /** What a server that can be told does with it. Absent: the service as it is. */
  readonly script?: Script;
  readonly expect: Expectation;
}

/**
 * What the harness does. `calls` makes them one after another, all together, or
 * in the background of the steps behind it. `close` ends the server's listener
 * of this cell, `drain` when its calls have ended, and `listen` opens it again on the
 * same port.
 */
export type Step =
  | {
      readonly do: 'calls';
      readonly pace: 'in-turn' | 'together' | 'background';
      readonly calls: readonly PlannedCall[];
    }
  | { readonly do: 'close' }
  | { readonly do: 'drain' }
  | { readonly do: 'listen'; readonly tls?: ServerTls }
  | { readonly do: 'pause'; readonly ms: number };

/** The sentence that a scenario rests on. */
export interface Source {
  readonly text: string;
  readonly link: string;
}

/** What to call, what to expect, and which sentence of which specification says so. */
export interface Scenario {
  /** `unknown/empty`: a group and a word. Unique in a run. */
  readonly name: string;
  /** The name of the contract that it belongs to. */
  readonly contract: string;
  /** Full names of the services that its calls are of, as far as they are described. */
  readonly services: readonly string[];
  /** What should happen, as a sentence for a person. */
  readonly title: string;
  readonly source: Source;
  readonly needs: { readonly client: readonly ClientFeature[]; readonly server: readonly ServerFeature[] };
  readonly steps: readonly Step[];
  /**
   * `shared`: on the pairing's channel. `own`: on a channel of its own, since it
   * may harm the connection or waits on purpose. `own-listener`: on a channel and
   * a listener of its own.
   */
  readonly connection: 'shared' | 'own' | 'own-listener';
  /** How the listener encrypts that it calls; absent: not at all. */
  readonly tls?: ServerTls;
  /**
   * Its scripts say what the service itself does: a server with code of its own, that
   * knows nothing of scripts, is held to the same.
   */
  readonly isService?: true;
  /**
   * Nothing is known of what comes of it, so that no script can say it: it is for servers that
   * know nothing of the harness, and others are not asked.
   */
  readonly isOpen?: true;
  /** It waits on purpose, so that other cells of its pairing may run meanwhile. */
  readonly waits: boolean;
}
