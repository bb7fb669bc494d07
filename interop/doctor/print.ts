import type { Style } from '../report/style.ts';
import { count, duration, printable } from '../report/text.ts';
import type { Result } from './check.ts';

/** One result: a line, and under it what belongs to a failure. */
export function resultText(result: Result, style: Style): string {
  const { name } = result.check;
  switch (result.kind) {
    case 'passed': {
      const remark = result.remark === '' ? '' : `: ${printable(result.remark)}`;
      return `${style('green', '✓')} ${name}${remark} ${style('dim', `(${duration(result.durationMs)})`)}`;
    }
    case 'failed':
      return `${style('red', '✕')} ${style('bold', name)}: ${indent(printable(result.problem))}`;
    case 'untried':
      return `${style('dim', '–')} ${name}: ${printable(result.why)}`;
    case 'missing':
      return `${style('yellow', '–')} ${name}: ${printable(result.why)}`;
    default:
      return result satisfies never;
  }
}

function indent(text: string): string {
  return text.replaceAll('\n', '\n  ');
}

/** `12 of 14 checks passed, 1 not tried; first: NOT_FOUND for unknown names`. */
export function verdictText(results: readonly Result[], planned: number): string {
  const passed = results.filter(({ kind }) => kind === 'passed').length;
  const untried = results.filter(({ kind }) => kind === 'untried').length;
  const missing = results.filter(({ kind }) => kind === 'missing').length;
  const first = results.find(({ kind }) => kind === 'failed')?.check;
  return [
    `${passed} of ${count(planned, 'check')} passed`,
    untried > 0 && `, ${untried} not tried`,
    missing > 0 && `, ${missing} missing that can be done without`,
    planned > results.length && `, stopped before the end`,
    first && `; first: ${placeOf(first)}`,
  ]
    .filter(Boolean)
    .join('');
}

function placeOf({ section, name }: Result['check']): string {
  return section === '' ? name : `${name}, ${section}`;
}

/** The results as one JSON document. */
export function documentOf(of: string, results: readonly Result[], planned: number): object {
  return {
    of,
    healthy: isHealthy(results, planned),
    verdict: verdictText(results, planned),
    checks: results.map(({ check: { section, name }, ...result }) => ({ section, name, ...result })),
  };
}

/** Something passed, nothing failed, and it came to its end. */
export function isHealthy(results: readonly Result[], planned: number): boolean {
  return (
    results.length === planned &&
    results.some(({ kind }) => kind === 'passed') &&
    results.every(({ kind }) => kind !== 'failed')
  );
}
