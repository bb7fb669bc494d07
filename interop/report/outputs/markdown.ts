import { type Baseline, type Changes, startComparison } from '../../outcome/baseline.ts';
import { linesOfBlame } from '../../outcome/blame.ts';
import { isHealthy, type Matrix, tally } from '../../outcome/matrix.ts';
import { alike, blameSentence } from '../blame.ts';
import { changesHead, changesLines } from '../changes.ts';
import { type FailureGroup, failureGroups, groupText, knownText, placeText } from '../failure.ts';
import { markdownTable } from '../markdown-table.ts';
import type { Reporter } from '../reporter.ts';
import type { Style } from '../style.ts';
import { legend, matrixRows } from '../table.ts';
import { count } from '../text.ts';
import { verdict } from '../verdict.ts';

/** "Job summaries are isolated between steps and each step is restricted to a maximum size of 1MiB." Room is left for others. */
const maxBytes = 900 * 1024;

const plain: Style = (_, text) => text;

/** One page in GitHub's Markdown, after the last event: verdict, matrix, blame, changes, failures to unfold. */
export function markdownReporter(write: (text: string) => void, baseline?: Baseline): Reporter {
  const comparison = startComparison(baseline);
  return {
    name: 'markdown',
    on: (event) => comparison.add(event),
    end: () => write(page(comparison.matrix, comparison.changes())),
  };
}

function page(matrix: Matrix, changes: Changes | undefined): string {
  const numbers = tally(matrix);
  const head = [
    `## ${isHealthy(numbers) ? '✓' : '✕'} ${escaped(verdict(matrix, changes))}`,
    table(matrixRows(matrix)),
    escaped(legend(matrix)),
    list(alike(linesOfBlame(matrix)).map(blameSentence)),
    list(numbers.problems),
    ...(changes ? [escaped(changesHead(changes)), list(changesLines(changes, plain))] : []),
  ];
  const known = knownText(matrix, plain).split('\n').filter(Boolean);
  const foot = known.length === 0 ? [] : [details(count(known.length, 'known failure'), list(known))];
  const text = (parts: readonly string[]) => `${[...head, ...parts, ...foot].filter(Boolean).join('\n\n')}\n`;
  return text(fitting(failureGroups(matrix), matrix, maxBytes - Buffer.byteLength(text([]))));
}

/** As many failures as there is room for, and how many cells are left out. */
function fitting(groups: readonly FailureGroup[], matrix: Matrix, bytes: number): readonly string[] {
  let left = bytes;
  const shown: string[] = [];
  for (const [index, group] of groups.entries()) {
    const text = details(`✕ ${placeText(group[0])}`, fenced(groupText(group, matrix, plain).trim()));
    left -= Buffer.byteLength(text) + 2;
    if (left < 200) {
      const cells = groups.slice(index).flat().length;
      return [...shown, `… and ${count(cells, 'more cell')}: there is no more room here, the log has them.`];
    }
    shown.push(text);
  }
  return shown;
}

function table([head = [], ...rows]: readonly (readonly string[])[]): string {
  return markdownTable(
    head.map(escaped),
    rows.map((cells) => cells.map(escaped)),
  );
}

function list(items: readonly string[]): string {
  return items.map((item) => `- ${escaped(item.replaceAll('\n', ' '))}`).join('\n');
}

function details(summary: string, body: string): string {
  return `<details><summary>${escapedHtml(summary)}</summary>\n\n${body}\n\n</details>`;
}

/** A code block whose fence is longer than any in the text. */
function fenced(text: string): string {
  const longest = Math.max(2, ...Array.from(text.matchAll(/`+/g), ([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}text\n${text}\n${fence}`;
}

/** Text that stays text: "Any ASCII punctuation character may be backslash-escaped" (CommonMark, 2.4). */
function escaped(text: string): string {
  return text.replaceAll(/[\\`*_{}[\]<>#|~&]|^[-+]/g, (character) => `\\${character}`);
}

function escapedHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
