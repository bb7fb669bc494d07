import { readLedger } from '../ledger.ts';
import type { CellResult } from '../model/event.ts';
import type { Mismatch } from '../model/outcome.ts';
import type { Role } from '../model/peer.ts';
import { makePlan, type Plan } from '../plan.ts';
import { parseQuery } from '../query.ts';
import { accusation } from '../report/conversation.ts';
import { run } from '../run/run.ts';
import { scenarios } from '../scenarios/all.ts';
import { type Check, NotTried, Wrong } from './check.ts';
import { partner } from './partner.ts';
import type { Ward } from './ward.ts';

/** Plays one scenario as a run would, the peer in that role and the harness in the other. */
export function scenarioCheck(
  ward: Ward,
  role: Role,
  { name, scenario, hint, needs }: Pick<Check, 'name' | 'hint' | 'needs'> & { readonly scenario: string },
): Check {
  return {
    name,
    section: ward.section,
    needs,
    hint,
    async run(signal) {
      const [result] = await playAll(ward, role, [scenario], signal);
      if (!result) throw new Wrong(`${scenario} did not run`);
      return verdictOf(result);
    },
  };
}

/** The results of these scenarios, in the order in which they ended. Rejects with the signal's reason. */
export async function playAll(
  ward: Ward,
  role: Role,
  names: readonly string[],
  signal: AbortSignal,
): Promise<readonly CellResult[]> {
  const results: CellResult[] = [];
  await run({
    plan: planOf(ward, role, names),
    launcher: ward.tapped,
    why: 'the doctor asks',
    signal,
    emit: (event) => void (event.type === 'cell-finished' && results.push(event.result)),
  });
  signal.throwIfAborted();
  return results;
}

function planOf({ peer }: Ward, role: Role, names: readonly string[]): Plan {
  const place = role === 'client' ? { client: peer, server: partner } : { client: partner, server: peer };
  const words = [`scenario:${names.join(',')}`];
  const named = parseQuery(words);
  const query = {
    ...named,
    matches: (cell: Parameters<typeof named.matches>[0]) =>
      cell.client === place.client.name && cell.server === place.server.name && named.matches(cell),
  };
  return makePlan([peer, partner], scenarios, query, readLedger('no ledger', '[]'), '2000-01-01');
}

const shownDifferences = 4;

/** `message: wanted "a", got "b" (client, wire)`: what several witnesses say is told once. */
function differences(mismatches: readonly Mismatch[]): readonly string[] {
  const alike = Map.groupBy(mismatches, ({ what, wanted, got }) => `${what}: wanted ${wanted}, got ${got}`);
  return Array.from(
    alike,
    ([text, same]) => `${text} (${same.map(({ witness }) => witness).join(', ')})`,
  ).slice(0, shownDifferences);
}

/** Empty when it passed. Throws Wrong with what was wanted and what came instead. */
function verdictOf(result: CellResult): string {
  const { outcome } = result;
  switch (outcome.kind) {
    case 'passed':
      return '';
    case 'broken':
      throw outcome.by === 'harness' ? new NotTried(outcome.reason) : new Wrong(outcome.reason);
    case 'unsupported':
      throw new Wrong(`the ${outcome.by} does not claim ${outcome.feature}`);
    case 'failed': {
      throw new Wrong([accusation(outcome.blame, result), ...differences(outcome.mismatches)].join('\n  '));
    }
    default:
      return outcome satisfies never;
  }
}
