import type { Cell } from '../model/cell.ts';
import type { CellResult } from '../model/event.ts';
import type { Scenario } from '../model/scenario.ts';
import { countLatencies } from '../outcome/latency.ts';
import type { Attempt } from './attempt.ts';
import { keepEvidence, keepOutcome } from './evidence.ts';
import { plainLatenciesMs } from './plain-calls.ts';

/** What the log tells of an attempt that stands. `flags` are those to reproduce it with: `--launcher process`. */
export function resultOf(attempt: Attempt, scenario: Scenario, round: number, flags: string): CellResult {
  const { cell, evidence, durationMs, logs } = attempt;
  const outcome = keepOutcome(attempt.outcome);
  const result = {
    ...placeOf(cell),
    round,
    outcome,
    evidence: keepEvidence(evidence, attempt.outcome),
    durationMs: microseconds(durationMs),
  };
  if (outcome.kind === 'passed') {
    const latencies = countLatencies(plainLatenciesMs(scenario, evidence));
    return latencies.length > 0 ? { ...result, latencies } : result;
  }
  return {
    ...result,
    logs,
    reproduce: `npm run interop -- ${flags} client:${cell.client} server:${cell.server} scenario:${cell.scenario}`,
  };
}

/** A cell that the manifests rule out. */
export function unsupportedResult(
  cell: Cell,
  unsupported: NonNullable<Cell['unsupported']>,
  round: number,
): CellResult {
  const outcome = { kind: 'unsupported', ...unsupported } as const;
  return { ...placeOf(cell), round, outcome, evidence: { calls: [], omitted: 0 }, durationMs: 0 };
}

function placeOf({ client, server, scenario }: Cell) {
  return { client, server, scenario };
}

/** Microseconds are more than these clocks mean. */
export function microseconds(ms: number): number {
  return Math.round(ms * 1000) / 1000;
}
