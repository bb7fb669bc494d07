import { type Check, Missing, NotTried, type Result } from './check.ts';

/**
 * Runs the checks, so many at a time, and tells their results in their order, each as soon as
 * those before it are told. A check waits for those that it needs; one that needs one that did
 * not pass is not tried; the others go on. Resolves to all results; when the signal stops it, to
 * those there are.
 */
export async function examine(
  checks: readonly Check[],
  signal: AbortSignal,
  tell: (result: Result) => void,
  atOnce = 1,
): Promise<readonly Result[]> {
  const results = new Map<Check, Result>();
  const listed = new Set(checks);
  const pending = [...checks];
  let told = 0;
  let change = Promise.withResolvers<void>();

  function take(): Check | undefined {
    const index = pending.findIndex((check) =>
      check.needs.every((need) => results.has(need) || !listed.has(need)),
    );
    return index < 0 ? undefined : pending.splice(index, 1)[0];
  }

  function tellThose(): void {
    for (const check of checks.slice(told)) {
      const result = results.get(check);
      if (!result) return;
      told += 1;
      tell(result);
    }
  }

  async function work(): Promise<void> {
    while (!signal.aborted && pending.length > 0) {
      const check = take();
      if (!check) {
        await change.promise;
        continue;
      }
      const result = whyNot(check, results) ?? (await resultOf(check, signal));
      // What the signal did to it is no result.
      if (!signal.aborted) {
        results.set(check, result);
        tellThose();
      }
      change.resolve();
      change = Promise.withResolvers();
    }
  }

  await Promise.all(Array.from({ length: atOnce }, work));
  return checks.flatMap((check) => results.get(check) ?? []);
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
