/** Two runs of the same cells that must come to the same, cell by cell. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { execa } from 'execa';
import { readEvents } from '../cli/events.ts';
import { rootFolder } from '../folders.ts';
import { cellId } from '../model/cell.ts';
import type { Outcome } from '../model/outcome.ts';
import { cellsListed } from '../outcome/same.ts';

const main = path.join(rootFolder, 'interop', 'main.ts');
/** Of some 17,000 cells, more than these do not differ by chance. */
const racesAtMost = 20;

/** What each cell comes to in a run, by its id. */
export type Verdicts = ReadonlyMap<string, string>;

export interface Players extends Disposable {
  /** Plays what the words of a command line say, and resolves to what came of it. */
  play(launcher: string, ...words: readonly string[]): Promise<Verdicts>;
}

/** The logs of these runs lie in a folder of their own until this is disposed of. */
export function makePlayers(): Players {
  const folder = mkdtempSync(path.join(tmpdir(), 'stitch-verdicts-'));
  let count = 0;
  return {
    async play(launcher, ...words) {
      const out = path.join(folder, String(++count));
      const args = [main, '--launcher', launcher, '--out', out, ...words];
      // The runs of this check are not for the summary of a workflow.
      const env = { GITHUB_ACTIONS: undefined, GITHUB_STEP_SUMMARY: undefined };
      await execa(process.execPath, args, { cwd: rootFolder, reject: false, stdin: 'ignore', env });
      return verdictsOf(path.join(out, 'run.jsonl'));
    },
    [Symbol.dispose]: () => rmSync(folder, { recursive: true }),
  };
}

/** By the words of the two sides. Without cells that the ledger calls a race, or a matter of the wire alone. */
export async function verdictsOf(log: string): Promise<Verdicts> {
  const found = new Map<string, string>();
  let races: ReadonlySet<string> = new Set();
  for await (const event of readEvents(log)) {
    if (event.type === 'run-started')
      races = cellsListed(event, ({ sometimes, onWire }) => sometimes === true || onWire === true);
    if (event.type !== 'cell-finished') continue;
    const id = cellId(event.result);
    if (!races.has(id)) found.set(id, outcomeText(event.result.outcome));
  }
  return found;
}

function outcomeText(outcome: Outcome): string {
  if (outcome.kind !== 'failed') return outcome.kind;
  const told = outcome.mismatches
    // What a side's answer is held against is known only where somebody reads along.
    .filter(({ witness, what }) => witness !== 'wire' && (witness === 'both' || what !== 'answer'))
    .map(({ call, witness, what }) => `${witness} ${what} of call ${call + 1}`);
  return `failed: ${[...new Set(told)].toSorted().join(', ')}`;
}

/** One of the two runs: what is said of it, and how it is played with these words. */
export interface Side {
  readonly name: string;
  play(...words: readonly string[]): Promise<Verdicts>;
}

/**
 * Rejects when they do not come to the same. A cell that differs is played again in both, alone: what has a
 * reason differs each time. `leastCells` must be there: fewer are not the matrix.
 */
export async function compare(
  [one, other]: readonly [Side, Side],
  [before, after]: readonly [Verdicts, Verdicts],
  leastCells: number,
): Promise<void> {
  if (before.size < leastCells)
    throw new Error(`only ${before.size} cells ran: wanted the whole matrix, at least ${leastCells}`);
  const ids = new Set([...before.keys(), ...after.keys()]);
  const differing = [...ids].filter((id) => before.get(id) !== after.get(id));
  const told = (id: string) =>
    `${id}: ${before.get(id) ?? 'missing'} ${one.name}, ${after.get(id) ?? 'missing'} ${other.name}`;
  if (differing.length > racesAtMost) throw new Error(differing.map(told).join('\n'));
  for (const id of differing) {
    if (await differsAgain(one, other, id)) throw new Error(told(id));
    process.stdout.write(`a race, which did not come again: ${told(id)}\n`);
  }
}

/** Whether the cell alone comes to something else as well. */
async function differsAgain(one: Side, other: Side, id: string): Promise<boolean> {
  const [client = '', server = '', ...scenario] = id.split('/');
  const words = [`client:${client}`, `server:${server}`, `scenario:${scenario.join('/')}`];
  const [before, after] = [await one.play(...words), await other.play(...words)];
  return !before.has(id) || before.get(id) !== after.get(id);
}
