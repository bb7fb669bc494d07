/** Runs of the peer with its partner, judged as in the matrix. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { packageFolder } from '../folders.ts';
import type { CellResult } from '../model/event.ts';
import type { Role } from '../model/peer.ts';
import { type Matrix, startFold } from '../outcome/matrix.ts';
import { type Ledger, readLedger } from '../plan/ledger.ts';
import { makePlan, type Plan } from '../plan/plan.ts';
import { parseQuery } from '../plan/query.ts';
import { run } from '../run/run.ts';
import { scenarios } from './contracts.ts';
import { partner } from './partner.ts';
import type { Subject } from './subject.ts';

export interface Played {
  /** In the order in which they ended. */
  readonly results: readonly CellResult[];
  readonly matrix: Matrix;
}

/**
 * Plays the scenarios, given as patterns of their names, the peer in that role and the
 * harness in the other. Rejects with the signal's reason.
 */
export async function play(
  subject: Subject,
  role: Role,
  patterns: readonly string[],
  signal: AbortSignal,
): Promise<Played> {
  const results: CellResult[] = [];
  const fold = startFold();
  await run({
    plan: planOf(subject, role, patterns),
    launcher: subject.tapped,
    why: 'the doctor asks',
    signal,
    emit(event) {
      fold.add(event);
      if (event.type === 'cell-finished') results.push(event.result);
    },
  });
  signal.throwIfAborted();
  return { results, matrix: fold.matrix };
}

function planOf({ peer }: Subject, role: Role, patterns: readonly string[]): Plan {
  const place = role === 'client' ? { client: peer, server: partner } : { client: partner, server: peer };
  const named = parseQuery([`scenario:${patterns.join(',')}`]);
  const query = {
    ...named,
    matches: (cell: Parameters<typeof named.matches>[0]) =>
      cell.client === place.client.name && cell.server === place.server.name && named.matches(cell),
  };
  return makePlan([peer, partner], scenarios, query, ledger(), new Date().toISOString().slice(0, 10));
}

/** What is listed of the peer is listed here as well; what is wrong with the list is no peer's fault. */
function ledger(): Ledger {
  const file = path.join(packageFolder, 'ledger.json');
  return { ...readLedger('ledger.json', readFileSync(file, 'utf8')), problems: () => [] };
}
