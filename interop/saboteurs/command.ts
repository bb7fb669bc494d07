import { styleText } from 'node:util';
import { interruptSignal } from '../cli/interrupt.ts';
import type { Options } from '../cli/options.ts';
import { UsageError } from '../errors.ts';
import { duration } from '../report/text.ts';
import { saboteurs } from './catalogue/catalogue.ts';
import type { Saboteur } from './catalogue/saboteur.ts';
import { type Findings, findingsOf } from './findings.ts';
import { type Progress, runAll } from './runs.ts';
import { findingsText } from './table.ts';

/** `saboteurs [NAME…]`: plays them with the honest peer, and prints who was caught by what. Exit code 1 when anything is off. */
export async function saboteursCommand({ words, json }: Options): Promise<number> {
  const chosen = choose(words);
  const startedAt = performance.now();
  const signal = interruptSignal((sentence) => process.stderr.write(`${sentence}\n`));
  const runs = await runAll(chosen, 'whole', signal, (progress) =>
    say(progress, performance.now() - startedAt),
  );
  if (signal.aborted) {
    process.stderr.write('stopped before the end: nothing is told of those who did not play\n');
    return 1;
  }
  const all = findingsOf(chosen, runs);
  // What a few of them do not break says nothing of a scenario.
  const found = chosen.length === saboteurs.length ? all : { ...all, idle: [] };
  const text = json
    ? JSON.stringify(documentOf(found), null, 2)
    : findingsText(found, (format, text) => styleText(format, text, { stream: process.stdout }));
  process.stdout.write(`${text}\n`);
  return isHealthy(found) ? 0 : 1;
}

/** Those that are named, `*` standing for anything; all when none is. Throws a UsageError when a word names nobody. */
function choose(words: readonly string[]): readonly Saboteur[] {
  if (words.length === 0) return saboteurs;
  const patterns = words.map((word) => new RegExp(`^${RegExp.escape(word).replaceAll('\\*', '.*')}$`));
  const idle = patterns.findIndex((pattern) => !saboteurs.some(({ name }) => pattern.test(name)));
  if (idle >= 0)
    throw new UsageError(`no saboteur is named ${words[idle]}; hint: npm run interop -- saboteurs '*NAME*'`);
  return saboteurs.filter(({ name }) => patterns.some((pattern) => pattern.test(name)));
}

/** A line a batch; on a terminal each in place of the one before. */
function say({ runs, planned, saboteurs }: Progress, elapsedMs: number): void {
  const line = `${runs} of ${planned} runs, ${saboteurs} saboteurs played, ${duration(elapsedMs)}`;
  const isLast = runs === planned;
  process.stderr.write(process.stderr.isTTY ? `\r\u001b[K${line}${isLast ? '\n' : ''}` : `${line}\n`);
}

function isHealthy({ findings, idle, harm }: Findings): boolean {
  return idle.length + harm.length === 0 && findings.every(({ complaints }) => complaints.length === 0);
}

function documentOf(found: Findings) {
  return {
    healthy: isHealthy(found),
    saboteurs: found.findings.map(({ saboteur: { name, role, does }, ...finding }) => ({
      name,
      role,
      does,
      ...finding,
    })),
    idle: found.idle,
    harm: found.harm,
  };
}
