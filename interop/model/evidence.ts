import type { Call, CallRecord, ServedRecord } from './call.ts';
import type { Role } from './peer.ts';
import type { Expectation } from './scenario.ts';
import type { WireEvidence } from './wire.ts';

/** One call as its witnesses tell it. */
export interface CallEvidence {
  /** Index within the scenario, from 0. */
  readonly index: number;
  readonly call: Call;
  /** What was wanted of it. */
  readonly expect: Expectation;
  /** Absent: the client never said how the call ended. */
  readonly client?: CallRecord;
  /** More than one: the server says that it served the call more than once. */
  readonly server: readonly ServedRecord[];
  /** Sides that know nothing of the harness, and so say nothing: that they have no record is no fault. */
  readonly unknowing?: readonly Role[];
  /** Absent: nobody read along. */
  readonly wire?: WireEvidence;
}

/** What a cell leaves behind. */
export interface Evidence {
  readonly calls: readonly CallEvidence[];
  /** Calls left out of `calls` to keep the log small; all of them were judged. */
  readonly omitted: number;
}
