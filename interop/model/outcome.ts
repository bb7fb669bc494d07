import type { Feature, Role } from './peer.ts';

export type Stage = 'build' | 'launch' | 'ready' | 'call' | 'stop';

/** One difference between what was wanted and what a witness says. */
export interface Mismatch {
  /** Index of the call within the scenario, from 0. */
  readonly call: number;
  /** `wire`: what crossed between them. `both`: client and server contradict each other. */
  readonly witness: Role | 'wire' | 'both';
  /** What was compared: `status`, `message`, `reply`, `header x-a`, … */
  readonly what: string;
  readonly wanted: string;
  readonly got: string;
}

/** A frame of the log's evidence: which call, which of its streams, which frame by its number. */
export interface FrameAt {
  readonly call: number;
  readonly stream: number;
  readonly frame: number;
}

/** Whose fault it is, and why the harness says so. */
export interface Blame {
  readonly side: Role | 'undetermined';
  /** One sentence. */
  readonly because: string;
  /** The frame that proves it. */
  readonly proof?: FrameAt;
  /** The two sides tell the same of that call: only the expectation, or the wire, shows that it is wrong. */
  readonly isAgreed?: true;
}

/** What came of a cell. */
export type Outcome =
  | { readonly kind: 'passed' }
  | {
      readonly kind: 'failed';
      readonly blame: Blame;
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
      /** The frame that proves whose silence it was. */
      readonly proof?: FrameAt;
    };

/** The frame that proves the outcome, when one does. */
export function proofOf(outcome: Outcome): FrameAt | undefined {
  if (outcome.kind === 'failed') return outcome.blame.proof;
  return outcome.kind === 'broken' ? outcome.proof : undefined;
}
