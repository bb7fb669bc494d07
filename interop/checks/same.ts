/**
 * `npm run same -- BEFORE.jsonl AFTER.jsonl`: whether two runs came to the same, verdicts, blame and evidence, cell by
 * cell. What differs may be a race that the ledger does not know: both sides of such a cell played again with
 * `--repeat 5` have something in common.
 */
import { readEvents } from '../cli/events.ts';
import { type Difference, sameness, startTelling, type Told } from '../outcome/same.ts';
import { count, printable } from '../report/text.ts';

const shownCharacters = 300;

async function toldBy(file: string): Promise<Told> {
  const { add, told } = startTelling();
  for await (const event of readEvents(file)) add(event);
  return told();
}

function inLines({ cell, what, before, after }: Difference): string {
  // From where they part on, and a little of what is before that.
  const at = [...before].findIndex((character, index) => character !== after[index]);
  const from = Math.max(0, (at < 0 ? before.length : at) - shownCharacters / 3);
  const shown = (text: string) =>
    printable(`${from > 0 ? '… ' : ''}${text.slice(from, from + shownCharacters)}`);
  return `${cell}: another ${what}\n  before: ${shown(before)}\n  after:  ${shown(after)}`;
}

const [before, after] = process.argv.slice(2);
if (before === undefined || after === undefined) {
  process.stderr.write('wanted two logs: npm run same -- BEFORE.jsonl AFTER.jsonl\n');
  process.exitCode = 2;
} else {
  const { compared, races, differences } = sameness(await toldBy(before), await toldBy(after));
  for (const difference of differences) process.stdout.write(`${inLines(difference)}\n`);
  const left = races > 0 ? `; ${count(races, 'cell')} left out, a race by the ledger` : '';
  process.stdout.write(`${count(compared, 'cell')} compared, ${differences.length} not the same${left}\n`);
  process.exitCode = compared > 0 && differences.length === 0 ? 0 : 1;
}
