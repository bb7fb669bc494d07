/**
 * How other releases of a library get on with what the tree has of the others. A peer of another release has a name
 * like `alpha@1.60.0` and stands beside today's `alpha` in the same run.
 */
import { type Cell, cellId } from '../model/cell.ts';
import type { CellResult, RunEvent } from '../model/event.ts';
import type { Implementation, Role } from '../model/peer.ts';
import { type Matrix, startFold } from './matrix.ts';
import { reasonOf } from './reason.ts';

/** What a release came to with one partner, in both roles together; in cells. */
export interface Place {
  readonly passed: number;
  /** It fails as today's does. */
  readonly alike: number;
  /** It fails where today's does not. */
  readonly worse: number;
  /** It passes where today's fails. */
  readonly better: number;
}

export interface Release {
  /** `1.60.0`; of what the tree has, what it says of itself, or undefined where it did not start. */
  readonly version: string | undefined;
  readonly isToday: boolean;
  /** By the partner's name; none where nothing was played. */
  readonly places: ReadonlyMap<string, Place>;
  /** Why it could not be built. */
  readonly problem: string | undefined;
}

/** Cells of one library that came to the same in one scenario, and to something else than with today's release. */
export interface Difference {
  readonly role: Role;
  readonly scenario: string;
  /** As the run has them; one partner or more for each. */
  readonly versions: readonly string[];
  readonly partners: readonly string[];
  /** One of them; undefined: they pass where today's fails. */
  readonly example: CellResult | undefined;
}

export interface Library {
  /** The peer's name in the tree. */
  readonly name: string;
  readonly title: string;
  /** Today's, and then as the run has them. */
  readonly releases: readonly Release[];
  readonly differences: readonly Difference[];
}

export interface Compatibility {
  /** ISO time of the run's start; empty before it. */
  readonly at: string;
  /** `container` or `process`. */
  readonly launcher: string;
  /** Everything was built, and the run came to its end. */
  readonly isWhole: boolean;
  readonly scenarios: readonly string[];
  /** What the tree has, by name. */
  readonly today: ReadonlyMap<string, Implementation>;
  readonly libraries: readonly Library[];
}

/** The name of the tree's peer of which `alpha@1.60.0` is another release; its own for one of the tree. */
export function libraryOf(peer: string): string {
  return peer.split('@')[0] ?? peer;
}

export function isRelease(peer: string): boolean {
  return peer.includes('@');
}

/** Reads a run event by event. */
export function startCompatibility(): { add(event: RunEvent): void; told(): Compatibility } {
  const { matrix, add } = startFold();
  const implementations = new Map<string, Implementation>();
  const problems = new Map<string, string>();
  return {
    add(event) {
      add(event);
      if (event.type === 'peer-started') implementations.set(event.peer, event.implementation);
      if (event.type === 'peer-built' && event.problem !== undefined) problems.set(event.peer, event.problem);
    },
    told: () => compatibilityOf(matrix, implementations, problems),
  };
}

/** `implementations` and `problems` by the peer's name: what it says that it is, and why it was not built. */
function compatibilityOf(
  matrix: Matrix,
  implementations: ReadonlyMap<string, Implementation>,
  problems: ReadonlyMap<string, string>,
): Compatibility {
  const results = new Map(matrix.notable.map((result) => [cellId(result), result]));

  function releaseOf(peer: string, sides: readonly Side[]): Release {
    const places = Map.groupBy(sides, ({ partner }) => partner);
    const said = implementations.get(peer)?.libraryVersion;
    return {
      version: isRelease(peer) ? peer.split('@')[1] : said,
      isToday: !isRelease(peer),
      places: new Map([...places].map(([partner, same]) => [partner, placeOf(same)])),
      problem: problems.get(peer),
    };
  }

  function placeOf(sides: readonly Side[]): Place {
    const how = sides.map(comparedWithToday);
    const count = (wanted: Comparison) => how.filter((each) => each === wanted).length;
    return {
      passed: count('passed') + count('better'),
      alike: count('alike'),
      worse: count('worse'),
      better: count('better'),
    };
  }

  function comparedWithToday({ id, todayId }: Side): Comparison {
    const [own, today] = [standingOf(id), standingOf(todayId)];
    if (own === 'none') return 'none';
    // What the ledger does not list of today's is as bad as what it does not list of others.
    if (own === 'passes') return today === 'fails' ? 'better' : 'passed';
    return today === 'fails' && id !== todayId ? 'alike' : isListed(id) ? 'alike' : 'worse';
  }

  function isListed(id: string): boolean {
    return matrix.standings.get(id) === 'known';
  }

  function standingOf(id: string): 'passes' | 'fails' | 'none' {
    const standing = matrix.standings.get(id);
    // What the ledger lists by who it is not lists other releases as well, and they may pass.
    if (results.get(id)?.outcome.kind === 'passed') return 'passes';
    if (standing === undefined || standing === 'unsupported' || standing === 'missing') return 'none';
    return standing === 'ok' ? 'passes' : 'fails';
  }

  function differencesOf(sides: readonly Side[]): readonly Difference[] {
    const different = sides.filter(({ peer }) => isRelease(peer) && !problems.has(peer));
    const found = different.filter((side) => ['worse', 'better'].includes(comparedWithToday(side)));
    const alike = Map.groupBy(found, ({ role, scenario, id }) =>
      JSON.stringify([role, scenario, standingOf(id), reasonOf(results.get(id))]),
    );
    return [...alike.values()].map((same) => {
      const [first] = same as [Side, ...Side[]];
      return {
        role: first.role,
        scenario: first.scenario,
        versions: [...new Set(same.map(({ peer }) => peer.split('@')[1] ?? ''))],
        partners: [...new Set(same.map(({ partner }) => partner))],
        example: standingOf(first.id) === 'fails' ? results.get(first.id) : undefined,
      };
    });
  }

  const { peers = [], cells = [], scenarios = [], at = '', launcher } = matrix.started ?? {};
  const played = cells.flatMap((cell) => [sideOf(cell, 'client'), sideOf(cell, 'server')]);
  const sides = Map.groupBy(
    played.filter(({ partner }) => !isRelease(partner)),
    ({ peer }) => peer,
  );
  const names = [
    ...new Set(
      peers
        .map(({ name }) => name)
        .filter(isRelease)
        .map(libraryOf),
    ),
  ];
  return {
    at,
    launcher: launcher?.kind ?? '',
    isWhole: problems.size === 0 && matrix.finished !== undefined && matrix.finished.stopped === undefined,
    scenarios: scenarios.map(({ name }) => name),
    today: new Map([...implementations].filter(([name]) => !isRelease(name))),
    libraries: names.map((name) => {
      const own = [name, ...peers.map((peer) => peer.name).filter((peer) => isOther(peer, name))];
      return {
        name,
        title: peers.find((peer) => peer.name === name)?.title ?? name,
        releases: own.map((peer) => releaseOf(peer, sides.get(peer) ?? [])),
        differences: differencesOf(own.flatMap((peer) => sides.get(peer) ?? [])),
      };
    }),
  };
}

type Comparison = 'passed' | 'alike' | 'worse' | 'better' | 'none';

/** A cell, from the side of one of the two. */
interface Side {
  readonly peer: string;
  readonly role: Role;
  readonly partner: string;
  readonly scenario: string;
  readonly id: string;
  /** The cell with the tree's release in its place. */
  readonly todayId: string;
}

function sideOf(cell: Cell, role: Role): Side {
  return {
    peer: cell[role],
    role,
    partner: cell[role === 'client' ? 'server' : 'client'],
    scenario: cell.scenario,
    id: cellId(cell),
    todayId: cellId({ ...cell, [role]: libraryOf(cell[role]) }),
  };
}

function isOther(peer: string, library: string): boolean {
  return isRelease(peer) && libraryOf(peer) === library;
}
