import path from 'node:path';
import { chooseLauncher } from '../launch/choose.ts';
import { logReporter } from '../report/log.ts';
import { run } from '../run/run.ts';
import { interruptSignal } from './interrupt.ts';
import type { Options } from './options.ts';
import { audienceOf, outputs } from './outputs.ts';
import { planOf } from './select.ts';

/** `npm run interop`: options → plan → launcher → run → reporters → exit code. */
export async function runCommand(options: Options): Promise<number> {
  const plan = await planOf(options);
  const log = logReporter(path.join(options.out, 'run.jsonl'));
  const { launcher, why } = await chooseLauncher(options.launcher, plan.peers);
  await using _ = launcher;
  const audience = audienceOf([log, ...outputs(options.json, true)]);
  await run({
    plan,
    launcher,
    why,
    signal: interruptSignal(audience.note),
    emit: audience.on,
  });
  return audience.end();
}
