import type { CallEvidence } from '../model/evidence.ts';
import type { PlannedCall, Scenario } from '../model/scenario.ts';

/** Longer names are about size. */
const plainName = 256;

/**
 * What the calls took, by the client's clock, in ms, that pairings can be compared
 * by: one after another on the pairing's own channel, and nothing asked for but a
 * short name. What waits, is held up by others, opens a channel or carries much
 * measures something else.
 */
export function plainLatenciesMs(scenario: Scenario, evidence: readonly CallEvidence[]): readonly number[] {
  if (scenario.connection !== 'shared' || scenario.waits) return [];
  const isPlain = scenario.steps.flatMap((step) =>
    step.do === 'calls' ? step.calls.map((call) => step.pace === 'in-turn' && asksNothing(call)) : [],
  );
  return evidence.flatMap(({ index, client, unknowing }) =>
    // A program that is run once a call takes longer to start than to call.
    client && isPlain[index] && !unknowing?.includes('client') ? [client.elapsedMs] : [],
  );
}

function asksNothing({ spec }: PlannedCall): boolean {
  const { name, metadata, timeoutMs, cancelAfterMs, waitForReady, compression } = spec;
  const wishes = [timeoutMs, cancelAfterMs, waitForReady, compression];
  return name.length <= plainName && metadata.length === 0 && wishes.every((wish) => wish === undefined);
}
