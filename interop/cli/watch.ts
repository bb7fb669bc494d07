import { type Choice, chooseLauncher } from '../launch/choose.ts';
import type { RunEvent } from '../model/event.ts';
import { composed, makeGeneration } from '../plan/generation.ts';
import { isEncrypting } from '../plan/over-tls.ts';
import type { Live } from '../report/outputs/live.ts';
import { logReporter } from '../report/outputs/log.ts';
import { count } from '../report/text.ts';
import { run } from '../run/run.ts';
import { tapLauncher } from '../wire/launcher.ts';
import { openChanges, type Reading } from './changes.ts';
import { complain } from './complain.ts';
import { logFileOf } from './files.ts';
import { findServers } from './foreign.ts';
import { interruptSignal } from './interrupt.ts';
import { flagsOf } from './named.ts';
import type { Options } from './options.ts';
import { audienceOf, outputs } from './outputs.ts';
import { packed } from './packed.ts';
import { openPage } from './page.ts';

type Tell = (sentence: string) => void;

/** What all generations have in common. */
interface Stage {
  readonly choice: Choice;
  readonly options: Options;
  readonly live: Live;
  /** Who hears of what is no part of a result, from now on. */
  hear(tell: Tell): void;
}

/** What came of one generation. */
interface Played {
  /** Its whole log. */
  readonly events: readonly RunEvent[];
  readonly code: number;
}

/**
 * `watch`: a run, and again what a change of a peer's folder may have changed, until
 * Ctrl-C. The exit code is that of the last generation.
 */
export async function watchCommand(options: Options): Promise<number> {
  let tell: Tell = complain;
  const hear = (who: Tell) => {
    tell = who;
  };
  using changes = await openChanges(options, (sentence) => tell(sentence));
  await using choice = await chooseLauncher(options.launcher, changes.first.plan.peers);
  await findServers(changes.first.plan, choice.launcherOf(changes.first.contracts.types));
  await using live = await openPage(options);
  const signal = interruptSignal((sentence) => tell(sentence));
  const stage = { choice, options, live, hear };
  let played: Played = { events: [], code: 1 };
  for (let reading: Reading | undefined = changes.first; reading; ) {
    const change = new AbortController();
    const next: Promise<Reading | undefined> = changes.next(reading, signal);
    void next.then((changed) => changed && change.abort(`a change of ${namesOf(changed)}`));
    played = await playGeneration(stage, reading, played.events, AbortSignal.any([signal, change.signal]));
    if (!signal.aborted && !change.signal.aborted) complain('watching for changes; Ctrl-C ends it');
    reading = await next;
  }
  return played.code;
}

/** Runs what has to be run again. All outputs but the page are new ones, and get the log of a whole run. */
async function playGeneration(
  { options, choice, live, hear }: Stage,
  reading: Reading,
  before: readonly RunEvent[],
  signal: AbortSignal,
): Promise<Played> {
  const generation = makeGeneration(reading.plan, before, reading.changed);
  const { plan, part } = generation;
  const events: RunEvent[] = [];
  const audience = audienceOf([logReporter(logFileOf(options)), live.reporter, ...outputs(options, true)]);
  hear(audience.note);
  if (before.length > 0) {
    const cells = `${part.cells.length} of ${count(plan.cells.length, 'cell')}`;
    audience.note(`${namesOf(reading)} changed: ${cells} run again`);
  }
  const { types, contracts } = reading.contracts;
  const launcher = choice.launcherOf(types, isEncrypting(part));
  await run({
    plan: part,
    flags: flagsOf(options, plan.peers, contracts),
    launcher: options.wire ? tapLauncher(launcher, types) : launcher,
    why: choice.why,
    signal,
    async emit(event) {
      for (const each of composed(generation, event)) {
        events.push(packed(each));
        await audience.on(each);
      }
    },
  });
  hear(complain);
  return { events, code: await audience.end() };
}

function namesOf({ changed }: Reading): string {
  return [...changed].join(', ');
}
