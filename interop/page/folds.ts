/** Scenarios by contract and group, as the long lists of the page fold them. */
import type { Standing } from '../outcome/matrix.ts';
import type { Place } from '../report/places.ts';

/** What can be folded, and the scenarios in it. */
export interface Fold {
  /** How the address names it: `manage` of a contract, `manage/pick` of a group. */
  readonly key: string;
  /** How a query names it: `manage`, `pick/*`. */
  readonly name: string;
  readonly contract: string;
  readonly scenarios: readonly string[];
}

/** Fewer scenarios than that are seen at once, and nothing of them is folded. */
export const fewScenarios = 20;

/** The groups of the scenarios, in the order in which each comes first. */
export function groupsOf(
  scenarios: readonly string[],
  contracts: ReadonlyMap<string, string>,
): readonly Fold[] {
  const keyOf = (scenario: string) => `${contracts.get(scenario) ?? ''}/${groupOf(scenario)}`;
  return [...Map.groupBy(scenarios, keyOf)].map(([key, own]) => {
    const [first = ''] = own;
    return { key, name: `${groupOf(first)}/*`, contract: contracts.get(first) ?? '', scenarios: own };
  });
}

/** The contracts of groups. */
export function contractsOf(groups: readonly Fold[]): readonly (readonly [Fold, readonly Fold[]])[] {
  return [...Map.groupBy(groups, ({ contract }) => contract)].map(([contract, own]) => [
    { key: contract, name: contract, contract, scenarios: own.flatMap(({ scenarios }) => scenarios) },
    own,
  ]);
}

function groupOf(scenario: string): string {
  return scenario.split('/', 1)[0] ?? '';
}

/** A row of the scenarios: one of them, or a head of several. */
export type Row = { readonly fold: Fold; readonly isOpen: boolean } | { readonly scenario: string };

/** The rows that are there: what is in a folded head is not. One scenario needs no head. */
export function rowsOf(groups: readonly Fold[], isOpen: (fold: Fold) => boolean): readonly Row[] {
  const contracts = contractsOf(groups);
  return contracts.flatMap(([contract, own]) => {
    const rows = own.flatMap((group) => rowsOfFold(group, isOpen, group.scenarios.map(asRow)));
    return contracts.length === 1 ? rows : rowsOfFold(contract, isOpen, rows);
  });
}

function asRow(scenario: string): Row {
  return { scenario };
}

function rowsOfFold(fold: Fold, isOpen: (fold: Fold) => boolean, rows: readonly Row[]): readonly Row[] {
  if (fold.scenarios.length === 1) return rows;
  return [{ fold, isOpen: isOpen(fold) }, ...(isOpen(fold) ? rows : [])];
}

/** How many cells stand how. */
export function placeOf(standings: readonly Standing[]): Place {
  const counts = new Map<Standing, number>();
  for (const standing of standings) counts.set(standing, (counts.get(standing) ?? 0) + 1);
  return { planned: standings.length, counts };
}

/**
 * What the reader turned, as the address has it: `manage/pick` is open, `!manage/pick`
 * is folded; undefined: neither.
 */
export function turnedTo(folds: readonly string[], key: string): boolean | undefined {
  if (folds.includes(key)) return true;
  return folds.includes(`!${key}`) ? false : undefined;
}

/** The same once that one is turned. */
export function turned(folds: readonly string[], key: string, isOpen: boolean): readonly string[] {
  const others = folds.filter((each) => each !== key && each !== `!${key}`);
  return [...others, isOpen ? key : `!${key}`];
}
