import { type CallEvidence, clientRecord, isUnknowing } from '../model/evidence.ts';
import type { PlannedCall, Scenario } from '../model/scenario.ts';
import { plannedCalls } from './play.ts';

/** More to send is about size. */
const plainBytes = 256;

/**
 * What the calls took, by the client's clock, in ms, that pairings can be compared
 * by: one after another on the pairing's own channel, and nothing asked for but a
 * short answer to a short question. What waits, is held up by others, opens a channel
 * or carries much measures something else.
 */
export function plainLatenciesMs(scenario: Scenario, evidence: readonly CallEvidence[]): readonly number[] {
  if (scenario.connection !== 'shared' || scenario.waits) return [];
  if (scenario.steps.some((step) => step.do === 'calls' && step.pace !== 'in-turn')) return [];
  const planned = plannedCalls(scenario);
  return evidence.flatMap((each) => {
    const [call, record] = [planned[each.index], clientRecord(each)];
    // A program that is run once a call takes longer to start than to call.
    return record && call && asksNothing(call) && !isUnknowing(each, 'client') ? [record.elapsedMs] : [];
  });
}

function asksNothing({ spec, script }: PlannedCall): boolean {
  const { steps, metadata, timeoutMs, waitForReady, compression, atOnce } = spec;
  const [step, ...more] = steps;
  const isShort = step !== undefined && 'send' in step && step.send.bytes.length <= plainBytes;
  const wishes = [timeoutMs, waitForReady, compression, atOnce, script];
  return isShort && more.length === 0 && metadata.length === 0 && wishes.every((wish) => wish === undefined);
}
