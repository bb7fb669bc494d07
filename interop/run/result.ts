import { keepEvidence, keepOutcome } from '../evidence.ts';
import type { Cell } from '../model/cell.ts';
import type { CellResult } from '../model/event.ts';
import type { Attempt } from './attempt.ts';

/** What the log tells of an attempt that stands. `launcher` is the one to reproduce it with. */
export function resultOf(attempt: Attempt, launcher: string): CellResult {
  const { cell, evidence, durationMs, logs } = attempt;
  const outcome = keepOutcome(attempt.outcome);
  const result = {
    ...placeOf(cell),
    outcome,
    evidence: keepEvidence(evidence, attempt.outcome),
    durationMs: round(durationMs),
  };
  if (outcome.kind === 'passed') return result;
  return {
    ...result,
    logs,
    reproduce: `npm run interop -- --launcher ${launcher} client:${cell.client} server:${cell.server} scenario:${cell.scenario}`,
  };
}

/** A cell that the manifests rule out. */
export function unsupportedResult(cell: Cell, unsupported: NonNullable<Cell['unsupported']>): CellResult {
  const outcome = { kind: 'unsupported', ...unsupported } as const;
  return { ...placeOf(cell), outcome, evidence: { calls: [], omitted: 0 }, durationMs: 0 };
}

function placeOf({ client, server, scenario }: Cell) {
  return { client, server, scenario };
}

/** Microseconds are more than these clocks mean. */
export function round(ms: number): number {
  return Math.round(ms * 1000) / 1000;
}
