/** Servers as columns of a table: one each, or all that one name stands for behind one head. */

import type { Standing } from '../outcome/matrix.ts';
import { libraryOf } from '../outcome/versions.ts';
import type { Place } from '../report/places.ts';

export interface Column {
  /** What stands in its head. */
  readonly name: string;
  /** Whose cells it has: one, or several where they are folded. */
  readonly servers: readonly [string, ...string[]];
  /** In the head of several, or of the first of them: how the address names them, and whether they are open. */
  readonly fold?: { readonly key: string; readonly isOpen: boolean };
}

/** More columns than that are not seen at once: what can be folded is, at first. */
const maxOpen = 14;

/** Releases of one library stand beside each other, and can be folded. `turned`: what the reader did with them. */
export function columnsOf(
  servers: readonly string[],
  turned: (key: string) => boolean | undefined,
): readonly Column[] {
  return [...Map.groupBy(servers, libraryOf)].flatMap(([library, own]): readonly Column[] => {
    const [first = '', ...others] = own;
    if (others.length === 0) return [{ name: first, servers: [first] }];
    const key = `server:${library}`;
    const isOpen = turned(key) ?? servers.length <= maxOpen;
    const fold = { key, isOpen };
    if (!isOpen) return [{ name: `${library} ${own.length}`, servers: [first, ...others], fold }];
    return [
      { name: first, servers: [first], fold },
      ...others.map((each) => ({ name: each, servers: [each] as const })),
    ];
  });
}

/** What several places come to. */
export function sumOf(places: readonly Place[]): Place {
  const counts = new Map<Standing, number>();
  for (const place of places)
    for (const [standing, count] of place.counts) counts.set(standing, (counts.get(standing) ?? 0) + count);
  return { planned: places.reduce((sum, { planned }) => sum + planned, 0), counts };
}
