/** What the page knows and shows; everything that is drawn follows from these. */
import { computed, signal } from '@preact/signals';
import { type Cell, cellId } from '../model/cell.ts';
import { type Changes, compare } from '../outcome/baseline.ts';
import { linesOfBlame } from '../outcome/blame.ts';
import { type Standing, tally } from '../outcome/matrix.ts';
import { parseQuery, type Query } from '../plan/query.ts';
import { type Address, home, readAddress, writeAddress } from './address.ts';
import { type Fold, groupsOf, turned, turnedTo } from './folds.ts';
import type { Run } from './run.ts';

/** The run that is shown; another object each time more is known of it. */
export const shown = signal<{ readonly run: Run } | undefined>(undefined);
/** The run that it is compared with. */
export const baseline = signal<{ readonly run: Run; readonly name: string } | undefined>(undefined);

/** Where events come from: a file that is whole, or a run that goes on. */
export const feed = signal<'file' | 'connected' | 'lost' | 'ended'>('file');

/** More will come of the run that is shown. */
export const isRunning = computed(
  () => (feed.value === 'connected' || feed.value === 'lost') && !shown.value?.run.matrix.finished,
);

/** A sentence for the reader about something that went wrong with the page itself. */
export const trouble = signal('');

export const address = signal<Address>(home);

/** Standing whose cells are pointed out while the reader points at its count. */
export const pointedAt = signal<Standing | undefined>(undefined);

export const numbers = computed(() => shown.value && tally(shown.value.run.matrix));

/** Scenarios are told apart by their contracts, too. */
export const hasContracts = computed(() => new Set(shown.value?.run.matrix.contracts.values()).size > 1);

export const blameLines = computed(() => (shown.value ? linesOfBlame(shown.value.run.matrix) : []));

/** The query of the address, or the sentence that says what is wrong with it. */
export const query = computed<{ readonly query: Query; readonly problem?: string }>(() => {
  const words = wordsOf(address.value.query);
  try {
    return { query: parseQuery(words) };
  } catch (error) {
    return { query: parseQuery([]), problem: (error as Error).message };
  }
});

/** What is not as it was in the baseline; undefined without one. */
export const changes = computed<Changes | undefined>(() => {
  const before = baseline.value;
  const now = shown.value;
  // Before its end, what has not been played yet would count as missing.
  if (!before || !now || (feed.value !== 'file' && feed.value !== 'ended')) return undefined;
  return compare({ ...before.run, name: before.name }, now.run);
});

/** Changes of the cells of this run, by cell id. */
export const changeOf = computed(
  () => new Map(changes.value?.cells.map((change) => [cellId(change), change] as const)),
);

/** Cells that changed, when the reader asks for no others. */
const changedOnly = computed(() =>
  address.value.isChangedOnly && baseline.value ? changeOf.value : undefined,
);

/** What is not as it should be. */
export const badStandings: readonly Standing[] = ['unexpected', 'broken', 'flaky'];

const isNothingAsked = computed(() => query.value.query.words.length === 0 && !changedOnly.value);

/** Whether a cell is among those that the reader asks for. */
export const isAskedFor = computed(() => {
  if (isNothingAsked.value) return () => true;
  const { query: asked } = query.value;
  const changed = changedOnly.value;
  const contracts = shown.value?.run.matrix.contracts;
  return (cell: Cell, standing: Standing): boolean =>
    asked.matches({ ...cell, contract: contracts?.get(cell.scenario), standing }) &&
    (!changed || changed.has(cellId(cell)));
});

/** All cells that the reader asks for, in the order of the plan. */
export const asked = computed<readonly Cell[]>(() => {
  const { matrix } = shown.value?.run ?? {};
  const cells = matrix?.started?.cells ?? [];
  // A hundred thousand cells need not be looked at for nothing.
  if (isNothingAsked.value) return cells;
  return cells.filter((cell) => isAskedFor.value(cell, standingIn(matrix, cell)));
});

/** The same by how they stand. */
export const askedByStanding = computed<ReadonlyMap<Standing, readonly Cell[]>>(() => {
  const { matrix } = shown.value?.run ?? {};
  return Map.groupBy(asked.value, (cell) => standingIn(matrix, cell));
});

/** Contracts and groups, as the address names them, in which something that is asked for is not as it should be. */
const redFolds = computed<ReadonlySet<string>>(() => {
  const contracts = shown.value?.run.matrix.contracts ?? new Map<string, string>();
  const red = badStandings.flatMap((standing) => askedByStanding.value.get(standing) ?? []);
  const groups = groupsOf([...new Set(red.map(({ scenario }) => scenario))], contracts);
  return new Set(groups.flatMap(({ key, contract }) => [key, contract]));
});

/** Contracts are open, and so are the groups that must be seen; nothing opens by itself while a run goes on. */
export function isFoldOpen({ key, contract }: Fold, red: ReadonlySet<string> = redFolds.value): boolean {
  return turnedTo(address.value.folds, key) ?? (key === contract || (!isRunning.value && red.has(key)));
}

/** Another thing is open, and Back leads to what was looked at before all the same. */
export function turnFold(fold: Pick<Fold, 'key'>, isOpen: boolean): void {
  go({ folds: turned(address.value.folds, fold.key, isOpen) }, false);
}

function standingIn(matrix: Run['matrix'] | undefined, cell: Cell): Standing {
  return matrix?.standings.get(cellId(cell)) ?? 'missing';
}

/** How a planned cell stands in the run that is shown. */
export function standingOf(cell: Cell): Standing {
  return standingIn(shown.value?.run.matrix, cell);
}

export function wordsOf(text: string): readonly string[] {
  return text.split(/\s+/).filter(Boolean);
}

/** Looks at something else. The browser's Back leads here again, unless it is only another word of the query. */
export function go(change: Partial<Address>, isStep = true): void {
  const next = { ...address.value, ...change };
  const link = writeAddress(next) || `${location.pathname}${location.search}`;
  if (isStep) history.pushState(null, '', link);
  else history.replaceState(null, '', link);
  address.value = next;
}

export function followAddress(): void {
  const read = () => {
    address.value = readAddress(location.hash);
  };
  read();
  addEventListener('popstate', read);
  addEventListener('hashchange', read);
}
