import type { Stage } from '../model/outcome.ts';
import type { Role } from '../model/peer.ts';

/** What is known about a failure of a peer. */
export interface PeerFailure {
  readonly peer: string;
  /** Absent while the peer is built, which is for both roles. */
  readonly role?: Role;
  readonly stage: Stage;
  /** What happened: `ended before it listened: exit code 2`. */
  readonly what: string;
  /** The end of what it wrote on standard error. */
  readonly stderr?: string;
  /** For the person who can act: `run it alone with: npm run interop -- serve alpha`. */
  readonly hint?: string;
}

/** A peer that could not be built, started, used or stopped. Its message is meant for people. */
export class PeerError extends Error {
  override readonly name = 'PeerError';
  readonly failure: PeerFailure;
  /** True when the peer was silent for as long as it was waited for. */
  readonly isHang: boolean;

  constructor(failure: PeerFailure, isHang = false) {
    super(sentence(failure));
    this.failure = failure;
    this.isHang = isHang;
  }
}

/** Some languages name the error first and show the stack below it, others the other way round. */
function bothEnds(lines: readonly string[]): readonly string[] {
  if (lines.length <= 13) return lines;
  return [...lines.slice(0, 4), `… ${lines.length - 12} more lines …`, ...lines.slice(-8)];
}

function sentence({ peer, role, what, stderr, hint }: PeerFailure): string {
  const lines = [`${peer}${role ? ` ${role}` : ''} ${what}`];
  if (stderr?.trim())
    lines.push(...bothEnds(stderr.trimEnd().split('\n')).map((line) => `  stderr: ${line}`));
  if (hint) lines.push(`  hint: ${hint}`);
  return lines.join('\n');
}
