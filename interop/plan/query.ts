import { UsageError } from '../errors.ts';
import { type Cell, cellId } from '../model/cell.ts';
import { type Standing, standings } from '../outcome/matrix.ts';

/** A cell; with its scenario's contract, and with how it stands, where that is known. */
export type Place = Pick<Cell, 'client' | 'server' | 'scenario'> & {
  readonly contract?: string | undefined;
  readonly standing?: Standing | undefined;
};

const keys = ['client', 'server', 'scenario', 'contract', 'is'] as const;
type Key = (typeof keys)[number];

/** What outputs call a standing, beside its own name. */
const standingWords: Readonly<Record<string, Standing>> = {
  ...Object.fromEntries(standings.map((standing) => [standing, standing])),
  passed: 'ok',
  failed: 'unexpected',
};

interface Term {
  readonly key: Key | 'any';
  readonly negated: boolean;
  /** A plan asks it hundreds of thousands of times. */
  readonly holds: (place: Place) => boolean;
}

/** A selection of cells. */
export interface Query {
  /** The words it was made of; empty selects everything. */
  readonly words: readonly string[];
  /** It asks how cells stand, and places without a standing are in no `is:`. */
  readonly asksStanding: boolean;
  matches(place: Place): boolean;
  /** Whether any place of that pairing can be in it: most entries of a long list are about others. */
  concerns(pairing: Pick<Place, 'client' | 'server'>): boolean;
}

/**
 * Reads query words. `client:alpha`, `server:beta,gamma`, `scenario:unknown/*` and
 * `contract:shop` select; words of one key widen each other, different keys narrow; `!` in front
 * excludes. A bare word is a peer on either side, or a scenario, its group or its
 * last word. `is:broken,failed` selects by the standing that the place brings.
 * Throws a UsageError for a key or a standing that does not exist.
 */
export function parseQuery(words: readonly string[]): Query {
  const terms = words.map(parseTerm);
  const excluded = terms.filter((term) => term.negated);
  const bare = terms.filter((term) => !term.negated && term.key === 'any');
  const keyed = Map.groupBy(
    terms.filter((term) => !term.negated && term.key !== 'any'),
    (term) => term.key,
  );
  const all = [...bare.map((term) => [term]), ...keyed.values()];
  const isOfSide = ({ key }: Term) => key === 'client' || key === 'server';
  const sides = all.filter((sameKey) => sameKey.every(isOfSide));
  const without = excluded.filter(isOfSide);
  return {
    words,
    asksStanding: terms.some((term) => term.key === 'is'),
    matches: (place) =>
      !excluded.some(({ holds }) => holds(place)) &&
      all.every((sameKey) => sameKey.some(({ holds }) => holds(place))),
    concerns: ({ client, server }) => {
      const place = { client, server, scenario: '' };
      return (
        !without.some(({ holds }) => holds(place)) &&
        sides.every((sameKey) => sameKey.some(({ holds }) => holds(place)))
      );
    },
  };
}

/** The same query, of places that stand so, by cell id; one that is not among them has no standing. */
export function knowing(query: Query, standings: ReadonlyMap<string, Standing>): Query {
  return {
    ...query,
    matches: (place) => query.matches({ ...place, standing: standings.get(cellId(place)) }),
  };
}

function parseTerm(word: string): Term {
  const negated = word.startsWith('!');
  const rest = negated ? word.slice(1) : word;
  const colon = rest.indexOf(':');
  const name = rest.slice(0, colon);
  const key = colon < 0 ? 'any' : keys.find((each) => each === name);
  const patterns = rest.slice(colon + 1).split(',');
  const at = `query word ${JSON.stringify(word)}`;
  if (!key) throw new UsageError(`${at}: wanted client:, server:, scenario:, contract: or is:, got ${name}:`);
  if (patterns.includes('')) throw new UsageError(`${at}: nothing to look for`);
  const unknown = key === 'is' && patterns.find((pattern) => !Object.hasOwn(standingWords, pattern));
  if (unknown) {
    throw new UsageError(
      `${at}: wanted ok, failed, broken, known, flaky, unsupported or missing, got ${unknown}`,
    );
  }
  const tests = patterns.map((pattern) => testOf(key, pattern));
  return { key, negated, holds: (place) => tests.some((test) => test(place)) };
}

function testOf(key: Term['key'], pattern: string): Term['holds'] {
  const isMatch = globOf(pattern);
  const isScenario = ({ scenario }: Place) => isMatch(scenario) || scenario.split('/').some(isMatch);
  if (key === 'is') return ({ standing }) => standingWords[pattern] === standing;
  if (key === 'scenario') return isScenario;
  if (key !== 'any') return (place) => isMatch(place[key] ?? '');
  return (place) => isMatch(place.client) || isMatch(place.server) || isScenario(place);
}

function globOf(pattern: string): (text: string) => boolean {
  if (!pattern.includes('*')) return (text) => text === pattern;
  const parts = pattern.split('*').map((part) => RegExp.escape(part));
  const regExp = new RegExp(`^${parts.join('.*')}$`);
  return (text) => regExp.test(text);
}
