import type { PeerError } from '../launch/peer-error.ts';
import type { Cell } from '../model/cell.ts';
import type { Attempt } from './attempt.ts';

/** What a pairing needs of the run. */
export interface PairingRun {
  /** Plays and judges a cell once. */
  attempt(cell: Cell): Promise<Attempt>;
  /** The cell's one result. */
  finish(attempt: Attempt): Promise<void>;
  /** The cell waits on purpose. */
  waits(cell: Cell): boolean;
}

/**
 * Plays the cells of one pairing: those that wait on purpose beside the others,
 * which go one after another. The first of the others goes before all of them, for a program's first call
 * may take seconds, and to wait is about time. A session or server that breaks under several cells
 * at once says nothing of which of them broke it: each is played again, alone.
 */
export async function playPairing(cells: readonly Cell[], run: PairingRun): Promise<void> {
  const broken: Attempt[] = [];

  async function first(cell: Cell): Promise<void> {
    const attempt = await run.attempt(cell);
    if (attempt.fault) broken.push(attempt);
    else await run.finish(attempt);
  }

  const [opening, ...others] = cells.filter((cell) => !run.waits(cell));
  if (opening) await first(opening);
  await Promise.all([
    ...cells.filter((cell) => run.waits(cell)).map(first),
    (async () => {
      for (const cell of others) await first(cell);
    })(),
  ]);
  const incidents = Map.groupBy(broken, (attempt) => attempt.fault);
  for (const [fault, attempts] of incidents) await settle(fault, attempts, run);
}

async function settle(
  fault: PeerError | undefined,
  attempts: readonly Attempt[],
  run: PairingRun,
): Promise<void> {
  const [only] = attempts;
  if (attempts.length === 1 && only) return run.finish(only);
  const again: Attempt[] = [];
  for (const { cell } of attempts) again.push(await run.attempt(cell));
  const isExplained = again.some((attempt) => attempt.fault);
  for (const [index, attempt] of again.entries()) {
    await run.finish(isExplained ? attempt : unexplained(attempts[index] ?? attempt, fault, attempts.length));
  }
}

/** Nothing that broke is forgotten: alone none of the cells broke it, so together all of them did. */
function unexplained(attempt: Attempt, fault: PeerError | undefined, count: number): Attempt {
  if (attempt.outcome.kind !== 'broken') return attempt;
  const reason = `${fault?.message ?? attempt.outcome.reason}\n  it broke while ${count} cells were in flight, and under none of them alone`;
  return { ...attempt, outcome: { ...attempt.outcome, reason } };
}
