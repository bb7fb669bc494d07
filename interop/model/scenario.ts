import type { CallSpec, Expirement, Metadatum } from './call.ts';
import type { ClientFeature, ServerFeature } from './peer.ts';
import type { Code } from './status.ts';

/** From and to, both included. */
export interface Range {
  readonly min: number;
  readonly max: number;
}

/** What must be true of one call. */
export interface Expectation {
  readonly code: Code;
  /** Absent: any message will do, since its text is the library's own. */
  readonly message?: string;
  /** Absent: there must be no reply. */
  readonly reply?: Expirement;
  /** For each key named here: these values, in this order, and no others. */
  readonly headers?: readonly Metadatum[];
  readonly trailers?: readonly Metadatum[];
  /** The encoding that the response must name, whether or not its message shrinks. */
  readonly replyEncoding?: 'gzip';
  /** The headers must leave in a frame of their own, not with the status. */
  readonly headersFirst?: true;
  readonly elapsedMs?: Range;
  /** What the server's own record must say; `never`: the call must not reach a handler. */
  readonly served: 'answered' | 'cancelled' | 'never';
  /** For each key named here, as the server saw it. */
  readonly metadata?: readonly Metadatum[];
  /** What the handler must be told of its deadline; `none`: that there is none. */
  readonly timeRemainingMs?: Range | 'none';
}

/** One call and what must come of it. */
export interface PlannedCall {
  readonly spec: CallSpec;
  readonly expect: Expectation;
}

/**
 * What the harness does. `calls` makes them one after another, all together, or
 * in the background of the steps behind it. `close` ends the server's listener
 * of this cell and `listen` opens it again on the same port.
 */
export type Step =
  | {
      readonly do: 'calls';
      readonly pace: 'in-turn' | 'together' | 'background';
      readonly calls: readonly PlannedCall[];
    }
  | { readonly do: 'close' }
  | { readonly do: 'listen' }
  | { readonly do: 'pause'; readonly ms: number };

/** The sentence that a scenario rests on. */
export interface Source {
  readonly text: string;
  readonly link: string;
}

/** What to call, what to expect, and which sentence of which specification says so. */
export interface Scenario {
  /** `unknown/empty`: a group and a word. */
  readonly name: string;
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
  /** It waits on purpose, so that other cells of its pairing may run meanwhile. */
  readonly waits: boolean;
}
