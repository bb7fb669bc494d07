import type { Matrix } from '../matrix.ts';
import { cellId } from '../model/cell.ts';
import type { CellResult } from '../model/event.ts';
import type { Mismatch } from '../model/outcome.ts';
import type { Style } from './terminal.ts';
import { count, printable } from './text.ts';

const shownMismatches = 6;
const shownLogLines = 12;

/** One cell that is not as it should be: what was wanted, what each witness says, and how to see it again. */
export function failureText(result: CellResult, matrix: Matrix, style: Style): string {
  const scenario = matrix.started?.scenarios.find((each) => each.name === result.scenario);
  const isBroken = result.outcome.kind === 'broken';
  return [
    '',
    `${style('red', isBroken ? '!' : '✕')} ${style('bold', `${result.client} client → ${result.server} server   ${result.scenario}`)}`,
    scenario && `  ${scenario.title}`,
    ...outcomeLines(result),
    ...logLines('client', result),
    ...logLines('server', result),
    result.reproduce && style('dim', `  again: ${result.reproduce}`),
  ]
    .filter((line) => line !== undefined)
    .join('\n');
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
      return [`  broken at stage ${outcome.stage}: ${indent(printable(outcome.reason))}`];
    case 'failed':
      return mismatchLines(outcome.mismatches);
    case 'passed':
      return ['  it passed, but the ledger lists it as a known failure: delete the entry'];
    case 'unsupported':
      return [`  unsupported: the ${outcome.by} does not claim ${outcome.feature}`];
    default:
      return outcome satisfies never;
  }
}

function mismatchLines(mismatches: readonly Mismatch[]): string[] {
  const several = new Set(mismatches.map((mismatch) => mismatch.call)).size > 1;
  const lines = mismatches.slice(0, shownMismatches).map(({ call, witness, what, wanted, got }) => {
    const who = witness === 'both' ? 'client and server disagree' : `${witness} says`;
    const which = several ? `call ${call + 1}, ` : '';
    return `  ${which}${who}: ${printable(what)}\n    wanted  ${printable(wanted)}\n    got     ${printable(got)}`;
  });
  const more = mismatches.length - lines.length;
  return more > 0 ? [...lines, `  … and ${count(more, 'more difference')}`] : lines;
}

function logLines(side: 'client' | 'server', result: CellResult): string[] {
  const text = result.logs?.[side].trimEnd();
  if (!text) return [];
  const name = side === 'client' ? result.client : result.server;
  return text
    .split('\n')
    .slice(-shownLogLines)
    .map((line) => `  ${name} ${side} stderr: ${printable(line)}`);
}

function indent(text: string): string {
  return text.replaceAll('\n', '\n  ');
}
