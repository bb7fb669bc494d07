import type { Feature, Role } from './peer.ts';

export type Stage = 'build' | 'launch' | 'ready' | 'call' | 'stop';

/** One difference between what was wanted and what a witness says. */
export interface Mismatch {
  /** Index of the call within the scenario, from 0. */
  readonly call: number;
  /** `both`: the witnesses contradict each other. */
  readonly witness: Role | 'both';
  /** What was compared: `status`, `message`, `reply`, `header x-a`, … */
  readonly what: string;
  readonly wanted: string;
  readonly got: string;
}

/** What came of a cell. */
export type Outcome =
  | { readonly kind: 'passed' }
  | {
      readonly kind: 'failed';
      readonly mismatches: readonly Mismatch[];
      /** Mismatches left out to keep the log small. */
      readonly omitted?: number;
    }
  | { readonly kind: 'unsupported'; readonly by: Role; readonly feature: Feature }
  | {
      readonly kind: 'broken';
      readonly by: Role | 'harness';
      readonly stage: Stage;
      readonly reason: string;
    };
