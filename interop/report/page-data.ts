/** How a log lies in the page: what the fold needs in one piece, and what only an opened cell needs in chunks of their own. */
import type { CellResult, RunEvent } from '../model/event.ts';
import type { Evidence } from '../model/evidence.ts';

type Finished = Extract<RunEvent, { type: 'cell-finished' }>;

/** What only an opened cell needs. */
export interface Detail {
  readonly evidence: Evidence;
  readonly logs?: CellResult['logs'];
}

/** A result without its detail. */
export type SlimResult = Omit<CellResult, keyof Detail>;

/** An event of the log as the page has it; `chunk`: where the detail lies. Absent: it was left out. */
export type PageEvent =
  | Exclude<RunEvent, Finished>
  | { readonly type: 'cell-finished'; readonly result: SlimResult; readonly chunk?: number };

/** One line of a chunk. */
export type DetailLine = readonly [cell: string, round: number, detail: Detail];

/** The result in two. */
export function split({ evidence, logs, ...result }: CellResult): {
  readonly result: SlimResult;
  readonly detail: Detail;
} {
  return { result, detail: { evidence, ...(logs && { logs }) } };
}

/** The two as one again. */
export function join(result: SlimResult, { evidence, logs }: Detail): CellResult {
  return { ...result, evidence, ...(logs && { logs }) };
}

/** Ids and classes of the page's templates. */
export const templates = { log: 'log', baseline: 'baseline', detail: 'detail', live: 'live' } as const;

/**
 * Characters of details that a page keeps, before they are packed: of cells that
 * passed (some 1,500 of them, which is 250 KB of the page), and of all others.
 */
const keptOfPassed = 6 << 20;
const keptOfOthers = 48 << 20;

/**
 * Decides which details a page keeps, so that it stays small enough for a mail: in
 * the order in which the cells finished, what did not pass in an account of its own.
 */
export function makeAllowance(): (kind: CellResult['outcome']['kind'], characters: number) => boolean {
  let passed = 0;
  let others = 0;
  return (kind, characters) => {
    if (kind === 'passed') passed += characters;
    else others += characters;
    return kind === 'passed' ? passed <= keptOfPassed : others <= keptOfOthers;
  };
}
