import { cellId } from '../model/cell.ts';
import type { CellResult } from '../model/event.ts';
import { wireOf } from '../model/evidence.ts';
import type { Blame, Mismatch } from '../model/outcome.ts';
import { lackText } from '../model/peer.ts';
import type { Matrix } from '../outcome/matrix.ts';
import { accusation, proofText } from './conversation.ts';
import { flakyText } from './flaky.ts';
import { looks } from './standing.ts';
import type { Style } from './style.ts';
import { count, printable } from './text.ts';

const shownFailures = 20;
const shownMismatches = 6;
const shownLogLines = 12;

/** Cells that are not as they should be: one, or several for the same reason. */
export type FailureGroup = readonly [CellResult, ...CellResult[]];

/** All that are not as they should be, in the order in which they came. */
export function failureGroups(matrix: Matrix): readonly FailureGroup[] {
  const serious = matrix.notable.filter((result) => {
    const standing = matrix.standings.get(cellId(result));
    return standing === 'unexpected' || standing === 'broken' || standing === 'flaky';
  });
  return byReason(serious);
}

/** Each reason once, with its cells, in the order in which they came. */
export function byReason(results: readonly CellResult[]): readonly FailureGroup[] {
  return [...Map.groupBy(results, reasonOf).values()] as unknown as readonly FailureGroup[];
}

/** The same for cells that have one thing to blame; of those that nobody is blamed for, each is its own. */
function reasonOf(result: CellResult): string {
  const { outcome } = result;
  if (outcome.kind === 'broken') return outcome.reason;
  const isBlamed = outcome.kind === 'failed' && outcome.blame.side !== 'undetermined';
  return isBlamed ? accusation(outcome.blame, result) : cellId(result);
}

/** The first twenty groups, each told once, and how many cells there are more. */
export function failuresText(matrix: Matrix, style: Style): string {
  const groups = failureGroups(matrix);
  const hidden = groups.slice(shownFailures).flat().length;
  return [
    ...groups.slice(0, shownFailures).map((group) => groupText(group, matrix, style)),
    ...(hidden > 0 ? [`… and ${hidden} more in the log`] : []),
  ].join('\n');
}

export function groupText([first, ...others]: FailureGroup, matrix: Matrix, style: Style): string {
  const text = failureText(first, matrix, style);
  return others.length === 0
    ? text
    : `${text}\n  … and ${count(others.length, 'more cell')} for the same reason`;
}

/** `alpha client → beta server   pick/one`. */
export function placeText({
  client,
  server,
  scenario,
}: Pick<CellResult, 'client' | 'server' | 'scenario'>): string {
  return `${client} client → ${server} server   ${scenario}`;
}

/** One cell that is not as it should be: what was wanted, what each witness says, and how to see it again. */
function failureText(result: CellResult, matrix: Matrix, style: Style): string {
  const scenario = matrix.started?.scenarios.find((each) => each.name === result.scenario);
  const standing = matrix.standings.get(cellId(result)) ?? 'missing';
  return [
    '',
    `${style('red', looks[standing].glyph)} ${style('bold', placeText(result))}`,
    scenario && `  ${scenario.title}`,
    standing === 'flaky' ? `  ${flakyText(result, matrix)}` : undefined,
    ...outcomeLines(result),
    ...logLines('client', result),
    ...logLines('server', result),
    result.reproduce && style('dim', `  again: ${result.reproduce}${hasWire(result) ? ' --evidence' : ''}`),
  ]
    .filter((line) => line !== undefined)
    .join('\n');
}

function hasWire({ evidence }: CellResult): boolean {
  return evidence.calls.some((call) => wireOf(call) !== undefined);
}

/** The known failures, an entry a line. */
export function knownText(matrix: Matrix, style: Style): string {
  const lines = (matrix.started?.ledger ?? []).flatMap((entry, index) => {
    const failing = matrix.started?.cells.filter(
      (cell) => cell.known === index && matrix.standings.get(cellId(cell)) === 'known',
    );
    if (!failing?.length) return [];
    return [
      `${style('yellow', '~')} known: ${entry.pattern} (${count(failing.length, 'cell')}): ${entry.reason} ${style('dim', entry.issue)}`,
    ];
  });
  return lines.join('\n');
}

function outcomeLines(result: CellResult): string[] {
  const { outcome } = result;
  switch (outcome.kind) {
    case 'broken':
      return [`  ${indent(outcomeText(result))}`, ...proofLines(result)];
    case 'failed':
      return [
        `  ${outcomeText(result)}`,
        ...blameLines(outcome.blame, result),
        ...mismatchLines(outcome.mismatches, outcome.omitted ?? 0),
      ];
    case 'passed':
    case 'unsupported':
      return [`  ${outcomeText(result)}`];
    default:
      return outcome satisfies never;
  }
}

/** Why the cell is not as it should be, as a sentence; that of a peer may have more lines. */
export function outcomeText(result: CellResult): string {
  const { outcome } = result;
  switch (outcome.kind) {
    case 'broken':
      return `broken at stage ${outcome.stage}: ${printable(outcome.reason)}`;
    case 'failed':
      return `blame: ${accusation(outcome.blame, result)}`;
    case 'passed':
      return 'it passed, but the ledger lists it as a known failure: delete the entry';
    case 'unsupported':
      return `unsupported: the ${outcome.by} ${lackText(outcome.feature)}`;
    default:
      return outcome satisfies never;
  }
}

function blameLines(blame: Blame, result: CellResult): string[] {
  return [
    ...(blame.isAgreed ? ['  client and server agree with each other: only the expectation shows it'] : []),
    ...proofLines(result),
  ];
}

function proofLines(result: CellResult): string[] {
  const proof = proofText(result);
  return proof === undefined ? [] : [`  proof:${proof.padStart(proof.length + 2)}`];
}

/** What was wanted, and under it what each witness says that tells otherwise. */
function mismatchLines(mismatches: readonly Mismatch[], omitted: number): string[] {
  const several = new Set(mismatches.map((mismatch) => mismatch.call)).size > 1;
  const groups = [
    ...Map.groupBy(mismatches, ({ call, what, wanted }) => JSON.stringify([call, what, wanted])).values(),
  ];
  const lines = groups.slice(0, shownMismatches).map((group) => {
    const [{ call, what, wanted }] = group as [Mismatch];
    const which = several ? `call ${call + 1}, ` : '';
    const said = group.map(({ witness, got }) => `    ${witness.padEnd(6)}  ${printable(got)}`);
    return [`  ${which}${printable(what)}`, `    wanted  ${printable(wanted)}`, ...said].join('\n');
  });
  const more = groups.slice(shownMismatches).flat().length + omitted;
  return more > 0 ? [...lines, `  … and ${count(more, 'more difference')}`] : lines;
}

function logLines(side: 'client' | 'server', result: CellResult): string[] {
  const lines = result.logs?.[side] ?? [];
  const end = lines.findLastIndex(({ text }) => text.trim() !== '') + 1;
  return lines
    .slice(0, end)
    .slice(-shownLogLines)
    .map(({ text }) => `  ${result[side]} ${side} stderr: ${printable(text)}`);
}

function indent(text: string): string {
  return text.replaceAll('\n', '\n  ');
}
