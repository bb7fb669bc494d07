import type { Blame, Mismatch } from '../model/outcome.ts';
import type { Role } from '../model/peer.ts';

/** A difference, and what it says of the sides. */
export interface Finding extends Omit<Mismatch, 'call'> {
  /** Who departed from what was right, as far as this difference proves it. */
  readonly side?: Role;
  /** Of messages: the first thing in which they differ, as a clause. */
  readonly difference?: string;
  /** Why it is that side, as a sentence; absent where no side is. */
  readonly because?: string;
  /** Number of the frame that shows it, in the conversation of the stream that counts: the last one. */
  readonly frame?: number | undefined;
  /** Something did not come: no frame shows that, and `frame` is one that did. */
  readonly isAbsence?: true;
  /** Index of the stream among the call's, when it is another. */
  readonly stream?: number;
}

/** Index of the stream among the call's, number of the frame in its conversation. */
export interface FrameOfCall {
  readonly stream: number;
  readonly frame: number;
}

/** One call's findings, and which call it is. */
export interface CallFindings {
  readonly call: number;
  /** Index of its last stream. */
  readonly lastStream: number;
  /** In the order of cause: request, its arrival, answer, its arrival. */
  readonly findings: readonly Finding[];
}

/**
 * The first departure along the way of the first call that went wrong: what
 * follows it is its consequence, or cannot be told from one.
 */
export function blameOf(calls: readonly CallFindings[]): Blame {
  for (const { call, lastStream, findings } of calls) {
    const first = findings.find(({ side }) => side !== undefined);
    if (!first?.side) continue;
    const { side, because = '', frame, stream = lastStream } = first;
    return { side, because, ...(frame !== undefined && { proof: { call, stream, frame } }) };
  }
  return {
    side: 'undetermined',
    because: 'the two sides contradict each other, and nobody read the bytes between them',
  };
}
