import path from 'node:path';
import { chooseLauncher } from '../launch/choose.ts';
import { isHealthy, startFold, tally } from '../matrix.ts';
import { logReporter } from '../report/log.ts';
import { multiplex } from '../report/reporter.ts';
import { run } from '../run/run.ts';
import { interruptSignal } from './interrupt.ts';
import type { Options } from './options.ts';
import { complain, outputs } from './outputs.ts';
import { planOf } from './select.ts';

/** `npm run interop`: options → plan → launcher → run → reporters → exit code. */
export async function runCommand(options: Options): Promise<number> {
  const plan = await planOf(options);
  const log = logReporter(path.join(options.out, 'run.jsonl'));
  const { launcher, why } = await chooseLauncher(options.launcher, plan.peers);
  await using _ = launcher;
  const fold = startFold();
  const reporters = multiplex([log, ...outputs(options.json, true)], complain);
  await run({
    plan,
    launcher,
    why,
    signal: interruptSignal((sentence) => reporters.note?.(sentence)),
    emit: (event) => {
      fold.add(event);
      return reporters.on(event);
    },
  });
  await reporters.end?.();
  if (reporters.failures.length > 0) return 2;
  return isHealthy(tally(fold.matrix)) ? 0 : 1;
}
