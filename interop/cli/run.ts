import path from 'node:path';
import { serviceFile } from '../folders.ts';
import { chooseLauncher } from '../launch/choose.ts';
import { logReporter } from '../report/log.ts';
import { run } from '../run/run.ts';
import { tapLauncher } from '../wire/launcher.ts';
import { loadMethods } from '../wire/protobuf/descriptor.ts';
import { baselineOf } from './baseline.ts';
import { interruptSignal } from './interrupt.ts';
import type { Options } from './options.ts';
import { audienceOf, outputs } from './outputs.ts';
import { planOf } from './select.ts';

/** `npm run interop`: options → plan → launcher → run → reporters → exit code. */
export async function runCommand(options: Options): Promise<number> {
  const baseline = await baselineOf(options);
  const plan = await planOf(options, baseline);
  const log = logReporter(path.join(options.out, 'run.jsonl'));
  const { launcher: bare, why } = await chooseLauncher(options.launcher, plan.peers);
  await using launcher = options.wire ? tapLauncher(bare, loadMethods(serviceFile)) : bare;
  const html = options.html ?? path.join(options.out, 'report.html');
  const audience = audienceOf(
    [log, ...outputs({ ...options, html }, true, baseline)],
    baseline,
    options.failOn,
  );
  await run({
    plan,
    rounds: options.repeat,
    launcher,
    why,
    signal: interruptSignal(audience.note),
    emit: audience.on,
  });
  return audience.end();
}
