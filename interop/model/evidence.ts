import type { Call, CallRecord, ServedRecord } from './call.ts';
import type { Role } from './peer.ts';
import type { Expectation } from './scenario.ts';
import type { WireEvidence } from './wire.ts';

/** What one witness says of a call. */
export type Witness =
  | {
      readonly at: 'client';
      /** Absent: it never said how the call ended. */
      readonly record?: CallRecord;
      readonly isUnknowing?: true;
    }
  | { readonly at: 'wire'; readonly crossed: WireEvidence }
  | {
      readonly at: 'server';
      /** More than one: it says that it served the call more than once. */
      readonly records: readonly ServedRecord[];
      /** It knows nothing of the harness, and so says nothing: that there is no record is no fault. */
      readonly isUnknowing?: true;
    };

/** One call as its witnesses tell it. */
export interface CallEvidence {
  /** Index within the scenario, from 0. */
  readonly index: number;
  readonly call: Call;
  /** What was wanted of it. */
  readonly expect: Expectation;
  /** In the order in which a request passes them: the client first, the server last, and a wire where somebody read along. */
  readonly path: readonly Witness[];
}

/** What the client says. */
export function clientRecord({ path }: Pick<CallEvidence, 'path'>): CallRecord | undefined {
  return path.find((witness) => witness.at === 'client')?.record;
}

/** What the server says. */
export function servedRecords({ path }: Pick<CallEvidence, 'path'>): readonly ServedRecord[] {
  return path.find((witness) => witness.at === 'server')?.records ?? [];
}

/** What crossed; undefined: nobody read along. Of several wires, that of the client. */
export function wireOf(evidence: Pick<CallEvidence, 'path'>): WireEvidence | undefined {
  return wiresOf(evidence)[0];
}

/** What crossed on each wire along the path. */
export function wiresOf({ path }: Pick<CallEvidence, 'path'>): readonly WireEvidence[] {
  return path.flatMap((witness) => (witness.at === 'wire' ? witness.crossed : []));
}

/** That side knows nothing of the harness. */
export function isUnknowing({ path }: Pick<CallEvidence, 'path'>, role: Role): boolean {
  return path.some((witness) => witness.at !== 'wire' && witness.at === role && witness.isUnknowing);
}

/** What a cell leaves behind. */
export interface Evidence {
  readonly calls: readonly CallEvidence[];
  /** Calls left out of `calls` to keep the log small; all of them were judged. */
  readonly omitted: number;
}
