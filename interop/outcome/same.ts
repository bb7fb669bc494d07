/**
 * Whether two runs came to the same, cell by cell: the verdict, whose fault it is, which witness differs in what, and,
 * where all is well, what each witness says. Without what differs from run to run: times, ports, frames, and calls of
 * which nobody knows how far they come before they end.
 */
import type { Answer } from '../model/call.ts';
import { cellId } from '../model/cell.ts';
import type { CellResult, KnownFailure, RunEvent } from '../model/event.ts';
import type { CallEvidence, Witness } from '../model/evidence.ts';
import type { WireHalf, WireStream } from '../model/wire.ts';
import { reasonOf } from './reason.ts';

/** What came of a cell in one round. */
interface Came {
  readonly verdict: string;
  /** A line for what one witness says of one call. */
  readonly evidence: readonly string[];
}

/** What a run came to, by cell. */
export interface Told {
  /** A cell that was played more than once has several. */
  readonly cells: ReadonlyMap<string, readonly Came[]>;
  /** Cells that the ledger calls a race. */
  readonly races: ReadonlySet<string>;
  /** Cells were left out on purpose. */
  readonly isPart: boolean;
}

/** A cell that is not the same. */
export interface Difference {
  readonly cell: string;
  readonly what: 'verdict' | 'evidence';
  readonly before: string;
  readonly after: string;
}

export interface Sameness {
  /** Cells that were compared. */
  readonly compared: number;
  readonly races: number;
  readonly differences: readonly Difference[];
}

/** Reads a log event by event. */
export function startTelling(): { add(event: RunEvent): void; told(): Told } {
  const cells = new Map<string, Came[]>();
  let races: ReadonlySet<string> = new Set();
  let isPart = false;
  return {
    add(event) {
      if (event.type === 'run-started') {
        races = cellsListed(event, ({ sometimes }) => sometimes === true);
        isPart = event.leftOut !== '';
      }
      if (event.type !== 'cell-finished') return;
      const id = cellId(event.result);
      const came = cells.get(id) ?? [];
      cells.set(id, came);
      came.push(cameOf(event.result));
    },
    told: () => ({ cells, races, isPart }),
  };
}

/** Cells of which the ledger has such an entry. */
export function cellsListed(
  { cells, ledger }: Extract<RunEvent, { readonly type: 'run-started' }>,
  isSuch: (entry: KnownFailure) => boolean,
): ReadonlySet<string> {
  const listed = cells.filter(({ known }) => {
    const entry = ledger[known ?? -1];
    return entry !== undefined && isSuch(entry);
  });
  return new Set(listed.map(cellId));
}

/** A cell is the same when it came to one thing in both runs at least once: what it comes to now and then is a race. */
export function sameness(before: Told, after: Told): Sameness {
  const all = [...new Set([...before.cells.keys(), ...after.cells.keys()])];
  const played = all.filter((id) => isOfBoth(id, before, after));
  const isRace = (id: string) => before.races.has(id) || after.races.has(id);
  const compared = played.filter((id) => !isRace(id));
  return {
    compared: compared.length,
    races: played.length - compared.length,
    differences: compared.flatMap((cell) => {
      const difference = differenceOf(before.cells.get(cell) ?? [], after.cells.get(cell) ?? []);
      return difference ? [{ cell, ...difference }] : [];
    }),
  };
}

/** Or a run that left nothing out has it alone. */
function isOfBoth(id: string, before: Told, after: Told): boolean {
  const [wasThere, isThere] = [before.cells.has(id), after.cells.has(id)];
  return (wasThere || !before.isPart) && (isThere || !after.isPart);
}

function differenceOf(before: readonly Came[], after: readonly Came[]): Omit<Difference, 'cell'> | undefined {
  const pairs = before.flatMap((one) => after.map((other) => [one, other] as const));
  const agreed = pairs.filter(([one, other]) => one.verdict === other.verdict);
  const [first] = agreed;
  if (!first) return { what: 'verdict', before: verdicts(before), after: verdicts(after) };
  if (agreed.some(([one, other]) => placeOfDifference(one, other) < 0)) return undefined;
  const at = placeOfDifference(...first);
  const [one, other] = first.map(({ evidence }) => evidence[at] ?? 'nothing');
  return { what: 'evidence', before: one ?? '', after: other ?? '' };
}

function verdicts(came: readonly Came[]): string {
  return [...new Set(came.map(({ verdict }) => verdict))].join(' or ') || 'missing';
}

/** -1: there is none. */
function placeOfDifference(one: Came, other: Came): number {
  const length = Math.max(one.evidence.length, other.evidence.length);
  return Array.from({ length }, (_, at) => at).find((at) => one.evidence[at] !== other.evidence[at]) ?? -1;
}

function cameOf(result: CellResult): Came {
  const { outcome, evidence } = result;
  const verdict = reasonOf(result);
  if (outcome.kind !== 'passed') return { verdict, evidence: [] };
  return { verdict, evidence: [...evidence.calls.flatMap(callLines), `${evidence.omitted} calls more`] };
}

/** A call that may end before it is answered ends where it ends. */
function callLines({ index, expect, path }: CallEvidence): readonly string[] {
  if (expect.served !== 'answered') return [];
  return path.map((witness) => `call ${index + 1}, ${witness.at}: ${JSON.stringify(wordsOf(witness))}`);
}

function wordsOf(witness: Witness): unknown {
  switch (witness.at) {
    case 'client':
      return witness.record ? answerOf(witness.record) : null;
    case 'wire':
      return witness.crossed.streams.map(crossedOf);
    case 'server':
      return witness.records.map((record) => {
        const { method, script, cancelled, requests } = record;
        return { method, script, cancelled, requests, ...answerOf(record) };
      });
    default:
      return witness satisfies never;
  }
}

/** Of a status the message may have a port in it. */
function answerOf({ code, details, responses }: Answer) {
  return { code, details, responses };
}

function crossedOf({ request, response }: WireStream) {
  return [request, response].map(({ messages, omitted, details }: WireHalf) => ({
    messages: messages.map(({ json, problem, isCut }) => ({ json, problem, isCut })),
    omitted,
    details,
  }));
}
