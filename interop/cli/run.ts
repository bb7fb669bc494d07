import path from 'node:path';
import type { Contracts } from '../contract/contract.ts';
import { chooseLauncher } from '../launch/choose.ts';
import type { Baseline } from '../outcome/baseline.ts';
import { isEncrypting } from '../plan/over-tls.ts';
import type { Plan } from '../plan/plan.ts';
import { durationsReporter } from '../report/outputs/durations.ts';
import { logReporter } from '../report/outputs/log.ts';
import type { Reporter } from '../report/reporter.ts';
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
import { shardOf } from './shard.ts';

/** `npm run interop`: options → plan → launcher → run → reporters → exit code. */
export async function runCommand(options: Options): Promise<number> {
  const baseline = await baselineOf(options);
  const contracts = await contractsOf(options);
  const plan = await planOf(options, contracts, baseline);
  return playPlan(options, contracts, shardOf(options, plan, baseline), { baseline });
}

/** Plays it, tells all outputs of it, and these as well. Resolves to the exit code. */
export async function playPlan(
  options: Options,
  contracts: Contracts,
  plan: Plan,
  { baseline, more = [] }: { readonly baseline?: Baseline | undefined; readonly more?: readonly Reporter[] },
): Promise<number> {
  await using choice = await chooseLauncher(options.launcher, plan.peers);
  const bare = choice.launcherOf(contracts.types, isEncrypting(plan));
  await findServers(plan, bare);
  const launcher = options.wire ? tapLauncher(bare, contracts.types) : bare;
  await using live = options.live ? await openPage(options, baseline) : undefined;
  const log = logReporter(logFileOf(options));
  // The other shards go by what is known before.
  const durations = options.shard ? [] : [durationsReporter(durationsFileOf(options))];
  const reporters = [
    log,
    ...durations,
    ...(live ? [live.reporter] : []),
    ...outputs(options, true, baseline),
  ];
  const audience = audienceOf([...reporters, ...more], baseline, options.failOn);
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
