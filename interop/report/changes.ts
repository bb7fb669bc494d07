import { type CellChange, type ChangeKind, type Changes, changeKinds } from '../outcome/baseline.ts';
import type { Median, Pace, PairingChange } from '../outcome/slower.ts';
import { outcomeText, placeText } from './failure.ts';
import { looks } from './standing.ts';
import type { Style } from './style.ts';
import { count, printable } from './text.ts';

const shownCells = 20;
const shownPairings = 10;
const shownReason = 200;

const kindWords: Readonly<Record<ChangeKind, string>> = {
  'newly-failing': 'newly failing',
  'newly-missing': 'newly missing',
  changed: 'otherwise changed',
  'newly-passing': 'newly passing',
  new: 'new',
  gone: 'gone',
};

/** The section of a terminal: one line when nothing changed. */
export function changesText(changes: Changes, style: Style): string {
  const lines = changesLines(changes, style).map((line) => `  ${line.replaceAll('\n', '\n  ')}`);
  const head = changesHead(changes);
  return lines.length === 0 ? head : ['', style('bold', head), ...lines].join('\n');
}

/** `2026-11-20T14:03Z`: when the earlier run started. */
export function sinceText({ at }: Changes['since']): string {
  return at === '' ? 'an unknown time' : `${printable(at.slice(0, 16))}Z`;
}

/** `changed since 2026-11-20T14:03Z (main.jsonl): 3 newly failing, 1 newly passing`. */
export function changesHead({ since, counts, notCompared, pace }: Changes): string {
  const pairings = (change: PairingChange['change']) => {
    const n = pace.pairings.filter((each) => each.change === change).length;
    return n > 0 && `${count(n, 'pairing')} ${change}`;
  };
  const parts = [
    ...changeKinds.map((kind) => counts[kind] > 0 && `${counts[kind]} ${kindWords[kind]}`),
    pairings('slower'),
    pairings('faster'),
  ].filter((part) => part !== false);
  const run = `since ${sinceText(since)} (${printable(since.name)})`;
  return [
    parts.length === 0 ? `nothing changed ${run}` : `changed ${run}: ${parts.join(', ')}`,
    ...(since.complete ? [] : ['that run did not finish']),
    ...(notCompared > 0
      ? [`${count(notCompared, 'cell')} not compared: one of the runs left cells out`]
      : []),
  ].join('; ');
}

/** A line for each of the first twenty cells and ten pairings; that of a cell with another reason has a second line. */
export function changesLines({ cells, pace }: Changes, style: Style): readonly string[] {
  const [moreCells, morePairings] = [cells.length - shownCells, pace.pairings.length - shownPairings];
  return [
    ...cells.slice(0, shownCells).map((cell) => cellLine(cell, style)),
    ...(moreCells > 0 ? [`… and ${count(moreCells, 'more cell')}: --json has all`] : []),
    ...pace.pairings.slice(0, shownPairings).map((pairing) => pairingLine(pairing)),
    ...(morePairings > 0 ? [`… and ${count(morePairings, 'more pairing')}: --json has all`] : []),
    ...shiftLines(pace),
  ];
}

function cellLine(cell: CellChange, style: Style): string {
  const shown = looks[cell.now?.standing ?? 'missing'];
  const line = `${style(shown.colour, shown.glyph)} ${placeText(cell)}   ${howText(cell)}${cell.isRegression ? '   regression' : ''}`;
  const reason = reasonBefore(cell);
  return reason ? `${line}\n  before: ${reason}` : line;
}

/** `passed → failed`. */
export function howText({ before, now }: CellChange): string {
  const from = before && looks[before.standing].word;
  const same = before && before.standing === now?.standing ? ', for another reason' : '';
  return now ? `${from ?? 'new'} → ${looks[now.standing].word}${same}` : `${from} → gone`;
}

/** Why the cell was not ok, where that is what changed; its first line. */
export function reasonBefore({ change, before }: CellChange): string | undefined {
  const reason = change === 'changed' && before?.result && outcomeText(before.result);
  return reason ? reason.split('\n')[0]?.slice(0, shownReason) : undefined;
}

/** A pairing that became slower or faster, and by which medians that is told. */
export function pairingLine({ client, server, change, before, now, ratio }: PairingChange): string {
  return `${client} client → ${server} server   ${change}: ${times(ratio)}; median ${medianText(before)} before, ${medianText(now)} now`;
}

/** `0.75 ms (0.72 to 0.78, 160 calls)`. */
function medianText({ ms, lowMs, highMs, calls }: Median): string {
  return `${rounded(ms)} ms (${rounded(lowMs)} to ${rounded(highMs)}, ${count(calls, 'call')})`;
}

/** What all pairings share, where a pairing or the whole has moved. */
export function shiftLines({ compared, sharedShift, isShifted, pairings }: Pace): readonly string[] {
  if (!isShifted && pairings.length === 0) return [];
  return sharedShift === undefined
    ? [`only ${count(compared, 'pairing')} compared: too few to tell a pairing from the machine`]
    : [`all ${compared} pairings together: ${times(sharedShift)}, as of a whole machine, and taken out`];
}

/** `1.50 times as long`. */
function times(ratio: number): string {
  return `${ratio.toFixed(2)} times as long`;
}

function rounded(ms: number): number {
  return Number(ms.toPrecision(3));
}
