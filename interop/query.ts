import { UsageError } from './errors.ts';
import type { Cell } from './model/cell.ts';

type Place = Pick<Cell, 'client' | 'server' | 'scenario'>;
type Key = keyof Place;

interface Term {
  readonly key: Key | 'any';
  readonly negated: boolean;
  readonly patterns: readonly string[];
}

/** A selection of cells. */
export interface Query {
  /** The words it was made of; empty selects everything. */
  readonly words: readonly string[];
  matches(place: Place): boolean;
}

/**
 * Reads query words. `client:alpha`, `server:beta,gamma` and `scenario:unknown/*`
 * select; words of one key widen each other, different keys narrow; `!` in front
 * excludes. A bare word is a peer on either side, or a scenario, its group or its
 * last word. Throws a UsageError for a key that does not exist.
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
    matches: (place) =>
      !excluded.some((term) => holds(term, place)) &&
      bare.every((term) => holds(term, place)) &&
      [...keyed.values()].every((sameKey) => sameKey.some((term) => holds(term, place))),
  };
}

function parseTerm(word: string): Term {
  const negated = word.startsWith('!');
  const rest = negated ? word.slice(1) : word;
  const colon = rest.indexOf(':');
  const key = colon < 0 ? 'any' : rest.slice(0, colon);
  const patterns = rest.slice(colon + 1).split(',');
  if (key !== 'any' && key !== 'client' && key !== 'server' && key !== 'scenario') {
    throw new UsageError(
      `query word ${JSON.stringify(word)}: wanted client:, server: or scenario:, got ${key}:`,
    );
  }
  if (patterns.includes('')) throw new UsageError(`query word ${JSON.stringify(word)}: nothing to look for`);
  return { key, negated, patterns };
}

function holds(term: Term, place: Place): boolean {
  return term.patterns.some((pattern) => {
    if (term.key === 'scenario') return scenarioMatches(pattern, place.scenario);
    if (term.key !== 'any') return globMatches(pattern, place[term.key]);
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
  const parts = pattern.split('*').map((part) => part.replace(/[\\^$.|?+()[\]{}]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`).test(text);
}
