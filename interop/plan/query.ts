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
  readonly patterns: readonly string[];
}

/** A selection of cells. */
export interface Query {
  /** The words it was made of; empty selects everything. */
  readonly words: readonly string[];
  /** It asks how cells stand, and places without a standing are in no `is:`. */
  readonly asksStanding: boolean;
  matches(place: Place): boolean;
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
  return {
    words,
    asksStanding: terms.some((term) => term.key === 'is'),
    matches: (place) =>
      !excluded.some((term) => holds(term, place)) &&
      bare.every((term) => holds(term, place)) &&
      [...keyed.values()].every((sameKey) => sameKey.some((term) => holds(term, place))),
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
  return { key, negated, patterns };
}

function holds(term: Term, place: Place): boolean {
  return term.patterns.some((pattern) => {
    if (term.key === 'is') return standingWords[pattern] === place.standing;
    if (term.key === 'scenario') return scenarioMatches(pattern, place.scenario);
    if (term.key !== 'any') return globMatches(pattern, place[term.key] ?? '');
    return (
      globMatches(pattern, place.client) ||
      globMatches(pattern, place.server) ||
      scenarioMatches(pattern, place.scenario)
    );
  });
}

function scenarioMatches(pattern: string, scenario: string): boolean {
  return [scenario, ...scenario.split('/')].some((part) => globMatches(pattern, part));
}

function globMatches(pattern: string, text: string): boolean {
  if (!pattern.includes('*')) return pattern === text;
  let regExp = globs.get(pattern);
  if (!regExp) {
    const parts = pattern.split('*').map((part) => RegExp.escape(part));
    regExp = new RegExp(`^${parts.join('.*')}$`);
    globs.set(pattern, regExp);
  }
  return regExp.test(text);
}

/** A plan asks thousands of times. */
const globs = new Map<string, RegExp>();
