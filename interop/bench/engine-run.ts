import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Launcher } from '../launch/launcher.ts';
import type { KnownFailure, RunEvent } from '../model/event.ts';
import type { Peer } from '../model/peer.ts';
import type { Scenario } from '../model/scenario.ts';
import { isHealthy, startFold, tally } from '../outcome/matrix.ts';
import type { Ledger } from '../plan/ledger.ts';
import { makePlan } from '../plan/plan.ts';
import { parseQuery, type Query } from '../plan/query.ts';
import { logReporter } from '../report/outputs/log.ts';
import { multiplex, type Reporter } from '../report/reporter.ts';
import { run } from '../run/run.ts';

export interface Measured {
  /** From the plan to the last event in the log and all programs ended. */
  readonly wallMs: number;
  readonly cells: number;
  readonly isHealthy: boolean;
  readonly events: readonly (RunEvent & { readonly atMs: number })[];
}

export const noLedger: Ledger = {
  entries: [] as readonly KnownFailure[],
  find: () => undefined,
  problems: () => [],
};

interface Wishes {
  /** Which events to give back; absent: all but those that say that something begins. */
  readonly keep?: (event: RunEvent) => boolean;
  readonly query?: Query;
  /** Outputs beside the log, which may write into the folder. */
  readonly outputs?: (folder: string) => readonly Reporter[];
}

/** A whole run as `npm run interop` does it: plan, run, log, fold. */
export async function engineRun(
  peers: readonly Peer[],
  scenarios: readonly Scenario[],
  launcher: Launcher,
  ledger: Ledger,
  {
    keep = (event) => event.type !== 'cell-started',
    query = parseQuery([]),
    outputs = () => [],
  }: Wishes = {},
): Promise<Measured> {
  const folder = mkdtempSync(path.join(tmpdir(), 'stitch-bench-'));
  const startedAt = performance.now();
  const plan = makePlan(peers, scenarios, query, ledger, new Date().toISOString().slice(0, 10));
  const log = logReporter(path.join(folder, 'run.jsonl'));
  const all = multiplex([log, ...outputs(folder)], (problem) => {
    throw new Error(problem);
  });
  const fold = startFold();
  const events: (RunEvent & { atMs: number })[] = [];
  await run({
    plan,
    launcher,
    why: 'bench',
    signal: new AbortController().signal,
    emit(event) {
      fold.add(event);
      if (keep(event)) events.push({ ...event, atMs: performance.now() - startedAt });
      return all.on(event);
    },
  });
  await all.end?.();
  const wallMs = performance.now() - startedAt;
  rmSync(folder, { recursive: true });
  return { wallMs, cells: plan.cells.length, isHealthy: isHealthy(tally(fold.matrix)), events };
}
