import type { CellResult } from '../model/event.ts';
import type { Mismatch } from '../model/outcome.ts';
import { lackText } from '../model/peer.ts';
import { accusation } from '../report/conversation.ts';
import { NotTried } from './check.ts';

/**
 * What was wanted of a cell and what came instead; undefined when it passed. Throws
 * NotTried when it is the harness that broke.
 */
export function problemOf({ outcome, client, server }: CellResult): string | undefined {
  switch (outcome.kind) {
    case 'passed':
      return undefined;
    case 'broken':
      if (outcome.by === 'harness') throw new NotTried(outcome.reason);
      return outcome.reason.includes('a line that is not JSON')
        ? `${outcome.reason}\n  hint: standard output carries lines of the contract only; point every logger at standard error`
        : outcome.reason;
    case 'unsupported':
      return `the ${outcome.by} ${lackText(outcome.feature)}`;
    case 'failed':
      return [
        accusation(outcome.blame, { client, server }),
        ...differences(outcome.mismatches).slice(0, shownDifferences),
      ].join('\n  ');
    default:
      return outcome satisfies never;
  }
}

const shownDifferences = 4;

/** `message: wanted "a", got "b" (client, wire)`: what several witnesses say is told once. */
function differences(mismatches: readonly Mismatch[]): readonly string[] {
  const alike = Map.groupBy(mismatches, ({ what, wanted, got }) => `${what}: wanted ${wanted}, got ${got}`);
  return Array.from(alike, ([text, same]) => `${text} (${same.map(({ witness }) => witness).join(', ')})`);
}
