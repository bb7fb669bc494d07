import type { Style } from '../report/style.ts';
import { count } from '../report/text.ts';
import type { Finding, Findings } from './findings.ts';

const heads = ['saboteur', 'role', 'caught by', 'witness', 'blame'];

/** A line for each saboteur and role, then what is wrong with any of it. */
export function findingsText({ findings, idle, harm }: Findings, style: Style): string {
  const rows = findings.flatMap(rowsOf);
  const widths = heads.map((head, column) =>
    Math.max(head.length, ...rows.map((row) => widthOf(row, column))),
  );
  const off = findings.filter(({ complaints }) => complaints.length > 0);
  const isOff = new Set(off.map(({ saboteur }) => saboteur.name));
  const line = (row: readonly string[]) =>
    row
      .map((text, column) => text.padEnd(widths[column] ?? 0))
      .join('   ')
      .trimEnd();
  return [
    style('bold', line(heads)),
    ...rows.map((row) => (isOff.has(row[0] ?? '') ? style('red', `${line(row)}   ✕`) : line(row))),
    ...off.flatMap(({ saboteur, complaints }) =>
      section(`${saboteur.name}: ${saboteur.does}`, complaints, style),
    ),
    ...section('scenarios that caught nobody aimed at them', idle, style),
    ...section('harm done to others', harm, style),
    '',
    verdict(findings, off.length, idle.length + harm.length, style),
  ].join('\n');
}

/** The last text of a line may be as long as it likes. */
function widthOf(row: readonly string[], column: number): number {
  return column < row.length - 1 ? (row[column]?.length ?? 0) : 0;
}

function section(title: string, lines: readonly string[], style: Style): readonly string[] {
  return lines.length === 0 ? [] : ['', style('red', `✕ ${title}`), ...lines.map((line) => `  ${line}`)];
}

const pairings = ['server', 'client', 'itself'] as const;

/** One that plays both roles has a line for each, and one for what it is with itself. */
function rowsOf(finding: Finding): readonly (readonly string[])[] {
  if (finding.saboteur.role !== 'both') return [rowOf(finding, finding.saboteur.role)];
  return pairings.map((pairing) => {
    const caught = finding.caught.filter((each) => each.as === pairing);
    return rowOf({ ...finding, caught }, pairing === 'itself' ? 'both' : pairing);
  });
}

function rowOf({ saboteur, caught, played }: Finding, role: string): readonly string[] {
  const { name, stops, breaks } = saboteur;
  const [first] = caught;
  if (first) {
    const more = caught.length === 1 ? '' : ` +${caught.length - 1}`;
    const witness = first.kind === 'broken' ? 'harness' : first.witnesses.join(' ');
    return [name, role, `${first.scenario}${more}`, witness, first.blame];
  }
  if (stops) return [name, role, 'the stop', 'harness', role];
  return breaks.length === 0
    ? [name, role, `allowed: green everywhere, in ${count(played, 'cell')}`]
    : [name, role, 'nothing'];
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
