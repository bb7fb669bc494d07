/** `--shard`: the part of a plan that this run plays. */
import { cellId } from '../model/cell.ts';
import type { Baseline } from '../outcome/baseline.ts';
import { type DurationsByLauncher, latest, startDurations } from '../outcome/durations.ts';
import type { Plan } from '../plan/plan.ts';
import { partOf } from '../plan/shard.ts';
import { readDurations } from '../report/outputs/durations.ts';
import { durationsFileOf } from './files.ts';
import type { Options } from './options.ts';

/**
 * The plan, or the part of it that was asked for: balanced by how long cells took in the baseline, or else in the
 * last run here; by their number where nothing is known. Throws as partOf does.
 */
export function shardOf(options: Options, plan: Plan, baseline: Baseline | undefined): Plan {
  const { shard } = options;
  if (!shard) return plan;
  const known = latest(baseline ? durationsOf(baseline) : readDurations(durationsFileOf(options)));
  const times = plan.cells.flatMap((cell) => known?.cells[cellId(cell)] ?? []);
  // What was never played is taken for as long as the others.
  const usual = times.length === 0 ? 1 : times.reduce((sum, ms) => sum + ms, 0) / times.length;
  return partOf(plan, shard, (cell) => known?.cells[cellId(cell)] ?? usual);
}

function durationsOf({ events }: Baseline): DurationsByLauncher {
  const { add, known } = startDurations({});
  for (const event of events) add(event);
  return known();
}
