/** The matrix as JUnit XML, which CI systems show: a suite a pairing, a case a cell. */

import { type Cell, cellId } from '../../model/cell.ts';
import type { CellResult } from '../../model/event.ts';
import { type Matrix, startFold, type Tally, tally } from '../../outcome/matrix.ts';
import { accusation } from '../conversation.ts';
import { groupText, outcomeText } from '../failure.ts';
import { flakyText } from '../flaky.ts';
import type { Reporter } from '../reporter.ts';
import { printable } from '../text.ts';
import { type Attributes, escaped, startOf } from '../xml.ts';

/** What a case holds when it is not ok. */
interface Trouble {
  readonly element: 'failure' | 'error' | 'skipped';
  readonly type?: string;
  /** A sentence; its first line, cut, is the attribute `message`. */
  readonly message: string;
  readonly text?: string;
}

const longestMessage = 300;

/**
 * One JUnit XML document, after the last event. Every planned cell is in it: one without a result is an error.
 * It is without failures and errors exactly when the run is healthy.
 */
export function junitReporter(write: (text: string) => void): Reporter {
  const fold = startFold();
  /** Of every cell, by its id, all rounds together: the fold keeps only results that are not ok. */
  const durationsMs = new Map<string, number>();
  const seen = new Set<string>();
  return {
    name: 'junit',
    on(event) {
      fold.add(event);
      if (event.type !== 'cell-finished') return;
      const { round, durationMs } = event.result;
      const id = cellId(event.result);
      // A round that is reported twice counts once, as in the fold.
      if (seen.has(`${id} ${round}`)) return;
      seen.add(`${id} ${round}`);
      durationsMs.set(id, (durationsMs.get(id) ?? 0) + durationMs);
    },
    end: () => write(documentText(fold.matrix, durationsMs)),
  };
}

function documentText(matrix: Matrix, durationsMs: ReadonlyMap<string, number>): string {
  const troubles = runTroubles(matrix);
  const numbers = countsOf(tally(matrix));
  const pairings = Map.groupBy(matrix.started?.cells ?? [], pairingOf);
  const results = new Map(matrix.notable.map((result) => [cellId(result), result]));
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    // The suites tell how many were skipped: the schema that Jenkins publishes has no such attribute here.
    `${startOf('testsuites', {
      name: 'stitch',
      tests: numbers.tests + troubles.length,
      failures: numbers.failures,
      errors: numbers.errors + troubles.length,
      time: seconds(matrix.finished?.durationMs),
    })}>`,
    ...runSuite(troubles, matrix),
    ...Array.from(pairings, ([name, cells]) => suiteText(name, cells, matrix, results, durationsMs)),
    '</testsuites>\n',
  ].join('\n');
}

/** What is wrong with the run and with none of its cells. */
function runTroubles(matrix: Matrix): readonly Trouble[] {
  const { problems, complete, ok } = tally(matrix);
  const stopped = matrix.finished?.stopped;
  const unfinished = stopped === undefined ? 'the log ends before the run does' : `stopped by ${stopped}`;
  return [
    ...problems.map((message) => ({ element: 'error', type: 'problem', message }) as const),
    ...(complete ? [] : [{ element: 'error', type: 'unfinished', message: unfinished } as const]),
    ...(ok > 0 ? [] : [{ element: 'error', type: 'nothing passed', message: 'nothing passed' } as const]),
  ];
}

function runSuite(troubles: readonly Trouble[], { started }: Matrix): readonly string[] {
  if (troubles.length === 0) return [];
  const counts = { tests: troubles.length, failures: 0, errors: troubles.length, skipped: 0 };
  const cases = troubles.map((trouble, index) =>
    caseText({ classname: 'run', name: `problem ${index + 1}` }, trouble),
  );
  return [suite({ name: 'run', timestamp: started?.at, ...counts }, cases)];
}

function suiteText(
  name: string,
  cells: readonly Cell[],
  matrix: Matrix,
  results: ReadonlyMap<string, CellResult>,
  durationsMs: ReadonlyMap<string, number>,
): string {
  const ids = new Set(cells.map(cellId));
  const counts = countsOf(tally(matrix, (id) => ids.has(id)));
  const sumMs = [...ids].reduce((sum, id) => sum + (durationsMs.get(id) ?? 0), 0);
  const cases = cells.map((cell) => {
    const id = cellId(cell);
    const place = { classname: name, name: cell.scenario, time: seconds(durationsMs.get(id)) };
    return caseText(place, troubleOf(cell, matrix, results.get(id)));
  });
  return suite({ name, timestamp: matrix.started?.at, time: seconds(sumMs), ...counts }, cases);
}

function pairingOf({ client, server }: Cell): string {
  return `${client} → ${server}`;
}

function countsOf({ planned, unexpected, flaky, broken, missing, known, unsupported }: Tally) {
  return {
    tests: planned,
    failures: unexpected + flaky,
    errors: broken + missing,
    skipped: known + unsupported,
  };
}

function troubleOf(cell: Cell, matrix: Matrix, result: CellResult | undefined): Trouble | undefined {
  const standing = matrix.standings.get(cellId(cell));
  if (standing === 'ok') return undefined;
  if (!result) return { element: 'error', type: 'missing', message: 'not run' };
  if (standing === 'flaky') {
    const message = flakyText(result, matrix);
    return { element: 'failure', type: 'flaky', message, text: textOf(result, matrix) };
  }
  const { outcome } = result;
  switch (outcome.kind) {
    case 'unsupported':
      return { element: 'skipped', message: outcomeText(result) };
    case 'broken': {
      const type = `broken at stage ${outcome.stage}`;
      return { element: 'error', type, message: outcome.reason, text: textOf(result, matrix) };
    }
    case 'failed':
      if (standing === 'known') return { element: 'skipped', message: knownMessage(cell, matrix) };
      return unexpected(accusation(outcome.blame, result), result, matrix);
    case 'passed':
      return unexpected(outcomeText(result), result, matrix);
    default:
      return outcome satisfies never;
  }
}

function unexpected(message: string, result: CellResult, matrix: Matrix): Trouble {
  return { element: 'failure', type: 'unexpected', message, text: textOf(result, matrix) };
}

function knownMessage(cell: Cell, { started }: Matrix): string {
  const entry = started?.ledger[cell.known ?? -1];
  return entry ? `known failure: ${entry.reason} (${entry.issue})` : 'known failure';
}

/** As on the terminal, without its colours. */
function textOf(result: CellResult, matrix: Matrix): string {
  return groupText([result], matrix, (_, text) => text).trim();
}

function suite(values: Attributes, cases: readonly string[]): string {
  return [`  ${startOf('testsuite', values)}>`, ...cases, '  </testsuite>'].join('\n');
}

function caseText(place: Attributes, trouble: Trouble | undefined): string {
  const start = `    ${startOf('testcase', place)}`;
  return trouble ? `${start}>${troubleText(trouble)}</testcase>` : `${start}/>`;
}

function troubleText({ element, type, message, text }: Trouble): string {
  const line = firstLine(message);
  // What the attribute does not hold in full is told in the text.
  const body = text ?? (line === message ? '' : message);
  return `${startOf(element, { type, message: line })}>${escaped(body)}</${element}>`;
}

function firstLine(text: string): string {
  const [line = ''] = printable(text).trim().split('\n', 1);
  const characters = [...line];
  return characters.length > longestMessage ? `${characters.slice(0, longestMessage - 1).join('')}…` : line;
}

function seconds(ms: number | undefined): string | undefined {
  return ms === undefined ? undefined : (ms / 1000).toFixed(3);
}
