/** Where programs are measured. */
import type { Launcher } from '../launch/launcher.ts';
import type { Peer } from '../model/peer.ts';
import type { Scenario } from '../model/scenario.ts';
import { engineRun, type Measured, noLedger } from './engine-run.ts';
import type { Project } from './project.ts';

export interface Field extends Project {
  /** Those that bare programs can stand for; they are built. */
  readonly full: readonly Peer[];
  readonly launcher: Launcher;
  readonly rounds: number;
}

/** All that the project plays. */
export function wholeRun({ full, scenarios, ledger, launcher }: Field, by = launcher): Promise<Measured> {
  return engineRun(full, scenarios, by, ledger);
}

/** Only these, by this launcher; what comes of them is not of interest. */
export async function partMs(
  { full, launcher }: Field,
  scenarios: readonly Scenario[],
  by = launcher,
): Promise<number> {
  return (await engineRun(full, scenarios, by, noLedger)).wallMs;
}

/** The same plain scenario, so many times. */
export function plainCopies({ scenarios: [first] }: Field, count: number): readonly Scenario[] {
  return Array.from({ length: count }, (_, index) => ({
    ...(first as Scenario),
    name: `pick/copy-${index}`,
  }));
}
