/** Parts of one run, each played somewhere else, as one run. */
import { cellId } from '../model/cell.ts';
import type { PlannedShard, RunEvent } from '../model/event.ts';

type Started = Extract<RunEvent, { type: 'run-started' }>;
type Finished = Extract<RunEvent, { type: 'run-finished' }>;

/** A log that says which part of a run it is. */
export interface Part {
  /** What a person calls it: the name of its file. */
  readonly name: string;
  readonly started: Started & { readonly shard: PlannedShard };
  /** Absent: it did not come to its end. */
  readonly finished?: Finished | undefined;
  /** What plays in it, in the words of its programs; by `peer role`. */
  readonly programs: ReadonlyMap<string, string>;
}

/** The first and the last event of the whole; the last one is there when all parts that are there have theirs. */
export interface Whole {
  readonly started: Started;
  readonly finished: Finished | undefined;
}

/** The whole that the parts come to, holes and all; or why they come to none, as a sentence. */
export function wholeOf(parts: readonly Part[]): Whole | { readonly problem: string } {
  const problem = strangers(parts) ?? twins(parts) ?? otherPrograms(parts) ?? overlap(parts);
  const [first] = parts;
  if (problem !== undefined || !first) return { problem: problem ?? 'no part of a run was named' };
  const { shard, ...started } = first.started;
  const starts = parts.map((part) => part.started.at).toSorted();
  return {
    started: {
      ...started,
      at: starts[0] ?? started.at,
      cells: shard.cells,
      leftOut: shard.leftOut,
      // A ledger's entry may have expired meanwhile.
      problems: [...new Set([...parts.flatMap((part) => part.started.problems), ...missing(parts, shard)])],
    },
    finished: endOf(parts, starts[0] ?? ''),
  };
}

/** From the first that began to the last that ended; that of the machines is no more to be told. */
function endOf(parts: readonly Part[], startedAt: string): Finished | undefined {
  const ends = parts.flatMap(({ finished }) => finished ?? []);
  if (ends.length < parts.length) return undefined;
  const at =
    ends
      .map((end) => end.at)
      .toSorted()
      .at(-1) ?? '';
  const stopped = ends.find((end) => end.stopped !== undefined)?.stopped;
  return {
    type: 'run-finished',
    at,
    durationMs: Date.parse(at) - Date.parse(startedAt),
    ...(stopped !== undefined && { stopped }),
  };
}

/** What has to be the same in all of them. */
const common = {
  launcher: ({ launcher }: Started) => launcher.kind,
  transport: ({ transport }: Started) => transport ?? 'plain',
  'wire tap': ({ isTapped }: Started) => isTapped,
  rounds: ({ rounds }: Started) => rounds,
  peers: ({ peers }: Started) => peers,
  scenarios: ({ scenarios }: Started) => scenarios,
  ledger: ({ ledger }: Started) => ledger,
  'number of shards': ({ shard }: Started) => shard?.of,
  cells: ({ shard }: Started) => shard?.cells,
} satisfies Readonly<Record<string, (started: Started) => unknown>>;

function strangers([first, ...others]: readonly Part[]): string | undefined {
  if (!first) return undefined;
  for (const [what, of] of Object.entries(common)) {
    const wanted = JSON.stringify(of(first.started));
    const other = others.find((part) => JSON.stringify(of(part.started)) !== wanted);
    if (other) {
      const got = JSON.stringify(of(other.started));
      const both = wanted.length + got.length < 80 ? `: ${wanted} and ${got}` : '';
      return `${first.name} and ${other.name} are no parts of one run: they have not the same ${what}${both}`;
    }
  }
  return undefined;
}

function twins(parts: readonly Part[]): string | undefined {
  const same = [...Map.groupBy(parts, ({ started }) => started.shard.index).values()].find((all) => all[1]);
  const [one, other] = same ?? [];
  return one && other && `${one.name} and ${other.name} are both ${nameOf(one.started.shard)}`;
}

function otherPrograms(parts: readonly Part[]): string | undefined {
  const seen = new Map<string, Part>();
  for (const part of parts)
    for (const [program, words] of part.programs) {
      const other = seen.get(program) ?? part;
      seen.set(program, other);
      const before = other.programs.get(program);
      if (before !== words)
        return `${other.name} and ${part.name} are no parts of one run: the ${program} is ${before} in the one and ${words} in the other`;
    }
  return undefined;
}

/** Parts that were cut by other weights may have a pairing twice, and another one not at all. */
function overlap(parts: readonly Part[]): string | undefined {
  const owners = new Map<string, Part>();
  for (const part of parts)
    for (const cell of part.started.cells) {
      const other = owners.get(cellId(cell));
      if (other)
        return `${other.name} and ${part.name} both have ${cellId(cell)}: the run was not cut in the same way for both\n  hint: what shards go by has to be the same for all: the log of one --baseline, or none`;
      owners.set(cellId(cell), part);
    }
  return undefined;
}

/** Shards that are not there, and had something to play. */
function missing(parts: readonly Part[], { of, cells }: PlannedShard): readonly string[] {
  const there = new Set(parts.map(({ started }) => started.shard.index));
  const absent = Array.from({ length: of }, (_, index) => index + 1).filter((index) => !there.has(index));
  const played = parts.reduce((sum, { started }) => sum + started.cells.length, 0);
  if (absent.length === 0 || played === cells.length) return [];
  const who =
    absent.length === 1 ? `shard ${absent} of ${of} is` : `shards ${absent.join(', ')} of ${of} are`;
  return [`${who} not there: ${cells.length - played} of ${cells.length} cells have no result`];
}

function nameOf({ index, of }: Pick<PlannedShard, 'index' | 'of'>): string {
  return `shard ${index} of ${of}`;
}
