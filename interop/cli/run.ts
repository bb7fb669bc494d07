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
import { audienceOf, complain, outputs, pageFileOf } from './outputs.ts';
import { logFileOf, openPage } from './page.ts';
import { flagsOf, planOf } from './select.ts';

/** `npm run interop`: options → plan → launcher → run → reporters → exit code. */
export async function runCommand(options: Options): Promise<number> {
  const baseline = await baselineOf(options);
  const plan = await planOf(options, baseline);
  const { launcher: bare, why } = await chooseLauncher(options.launcher, plan.peers);
  await using launcher = options.wire ? tapLauncher(bare, loadMethods(serviceFile)) : bare;
  await using live = options.live ? await openPage(options, baseline) : undefined;
  const log = logReporter(logFileOf(options));
  const reporters = [log, ...(live ? [live.reporter] : []), ...outputs(options, true, baseline)];
  const audience = audienceOf(reporters, baseline, options.failOn);
  await run({
    plan,
    rounds: options.repeat,
    flags: flagsOf(options),
    launcher,
    why,
    signal: interruptSignal(audience.note),
    emit: audience.on,
  });
  const code = await audience.end();
  complain(`the page: ${path.relative(process.cwd(), pageFileOf(options))}`);
  return code;
}
