import type { Style } from '../report/style.ts';
import { count } from '../report/text.ts';
import type { Finding, Findings } from './findings.ts';

const heads = ['saboteur', 'role', 'caught by', 'witness', 'blame'];

/** A line for each saboteur, then what is wrong with any of it. */
export function findingsText({ findings, idle, harm }: Findings, style: Style): string {
  const rows = findings.map(rowOf);
  const widths = heads.map((head, column) =>
    Math.max(head.length, ...rows.map((row) => (column < row.length - 1 ? (row[column]?.length ?? 0) : 0))),
  );
  const line = (row: readonly string[]) =>
    row
      .map((text, column) => text.padEnd(widths[column] ?? 0))
      .join('   ')
      .trimEnd();
  const off = findings.filter(({ complaints }) => complaints.length > 0);
  return [
    style('bold', line(heads)),
    ...findings.map((finding, index) =>
      finding.complaints.length > 0
        ? style('red', `${line(rows[index] ?? [])}   ✕`)
        : line(rows[index] ?? []),
    ),
    ...off.flatMap(({ saboteur, complaints }) => [
      '',
      style('red', `✕ ${saboteur.name}: ${saboteur.does}`),
      ...complaints.map((complaint) => `  ${complaint}`),
    ]),
    ...section('scenarios that caught nobody aimed at them', idle, style),
    ...section('harm done to others', harm, style),
    '',
    verdict(findings, off.length, idle.length + harm.length, style),
  ].join('\n');
}

function section(title: string, lines: readonly string[], style: Style): readonly string[] {
  return lines.length === 0 ? [] : ['', style('red', `✕ ${title}`), ...lines.map((line) => `  ${line}`)];
}

function rowOf({ saboteur, caught, played }: Finding): readonly string[] {
  const { name, role, stops, breaks } = saboteur;
  const [first] = caught;
  if (first) {
    const more = caught.length === 1 ? '' : ` +${caught.length - 1}`;
    const witness = first.kind === 'broken' ? 'harness' : first.witnesses.join(' ');
    return [name, role, `${first.scenario}${more}`, witness, blames(caught)];
  }
  if (stops) return [name, role, 'the stop', 'harness', role];
  return breaks.length === 0
    ? [name, role, `allowed: green everywhere, in ${count(played, 'cell')}`]
    : [name, role, 'nothing'];
}

/** Of a peer in both roles either side may be blamed, cell by cell. */
function blames(caught: Finding['caught']): string {
  return [...new Set(caught.map(({ blame }) => blame))].join(' ');
}

function verdict(findings: readonly Finding[], off: number, other: number, style: Style): string {
  const allowed = findings.filter(({ saboteur }) => saboteur.breaks.length === 0 && !saboteur.stops).length;
  const text = `${count(findings.length - allowed, 'saboteur')} and ${allowed} who only look like one`;
  return off + other === 0
    ? style('green', `${text}: all as they should be`)
    : style(
        'red',
        `${text}: ${off} not as they should be${other > 0 ? `, and ${count(other, 'other problem')}` : ''}`,
      );
}
