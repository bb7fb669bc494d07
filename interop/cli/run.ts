import path from 'node:path';
import { chooseLauncher } from '../launch/choose.ts';
import { durationsReporter } from '../report/outputs/durations.ts';
import { logReporter } from '../report/outputs/log.ts';
import { run } from '../run/run.ts';
import { tapLauncher } from '../wire/launcher.ts';
import { baselineOf } from './baseline.ts';
import { complain } from './complain.ts';
import { durationsFileOf, logFileOf, pageFileOf } from './files.ts';
import { findServers } from './foreign.ts';
import { interruptSignal } from './interrupt.ts';
import { flagsOf } from './named.ts';
import type { Options } from './options.ts';
import { audienceOf, outputs } from './outputs.ts';
import { openPage } from './page.ts';
import { contractsOf, planOf } from './select.ts';

/** `npm run interop`: options → plan → launcher → run → reporters → exit code. */
export async function runCommand(options: Options): Promise<number> {
  const baseline = await baselineOf(options);
  const contracts = await contractsOf(options);
  const plan = await planOf(options, contracts, baseline);
  await using choice = await chooseLauncher(options.launcher, plan.peers);
  const bare = choice.launcherOf(contracts.types);
  await findServers(plan, bare);
  const launcher = options.wire ? tapLauncher(bare, contracts.types) : bare;
  await using live = options.live ? await openPage(options, baseline) : undefined;
  const log = logReporter(logFileOf(options));
  const durations = durationsReporter(durationsFileOf(options));
  const reporters = [log, durations, ...(live ? [live.reporter] : []), ...outputs(options, true, baseline)];
  const audience = audienceOf(reporters, baseline, options.failOn);
  await run({
    plan,
    rounds: options.repeat,
    flags: flagsOf(options, plan.peers, contracts.contracts),
    launcher,
    why: choice.why,
    signal: interruptSignal(audience.note),
    emit: audience.on,
  });
  const code = await audience.end();
  complain(`the page: ${path.relative(process.cwd(), pageFileOf(options))}`);
  return code;
}
