import { type Check, Missing, NotTried, type Result } from './check.ts';

/**
 * Runs the checks in order and tells the result of each at once. A check that needs
 * one that did not pass is not tried; the others go on. Resolves to all results;
 * when the signal stops it, to those there are.
 */
export async function examine(
  checks: readonly Check[],
  signal: AbortSignal,
  tell: (result: Result) => void,
): Promise<readonly Result[]> {
  const results = new Map<Check, Result>();
  for (const check of checks) {
    if (signal.aborted) break;
    const result = whyNot(check, results) ?? (await resultOf(check, signal));
    if (signal.aborted) break;
    results.set(check, result);
    tell(result);
  }
  return [...results.values()];
}

async function resultOf(check: Check, signal: AbortSignal): Promise<Result> {
  const startedAt = performance.now();
  try {
    const remark = await check.run(signal);
    return { kind: 'passed', check, remark, durationMs: performance.now() - startedAt };
  } catch (error) {
    if (error instanceof NotTried) return { kind: 'untried', check, why: `not tried: ${error.message}` };
    if (error instanceof Missing) return { kind: 'missing', check, why: error.message };
    const said = error instanceof Error ? error.message : String(error);
    return { kind: 'failed', check, problem: check.hint ? `${said}\n  hint: ${check.hint}` : said };
  }
}

function whyNot(check: Check, results: ReadonlyMap<Check, Result>): Result | undefined {
  const missing = check.needs.find((need) => results.get(need)?.kind !== 'passed');
  if (!missing) return undefined;
  const found = results.get(missing);
  // The reason of a whole row that cannot be tried is told once more in each line, and is short.
  const why = found?.kind === 'untried' ? found.why : `not tried: it needs "${missing.name}"`;
  return { kind: 'untried', check, why };
}
