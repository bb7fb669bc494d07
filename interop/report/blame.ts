import { type BlameLine, linesOfBlame } from '../outcome/blame.ts';
import type { Matrix } from '../outcome/matrix.ts';
import type { Style } from './style.ts';
import { count } from './text.ts';

const shownScenarios = 3;

/** Lines that say the same of several peers. */
export type BlameGroup = readonly [BlameLine, ...BlameLine[]];

/** What several peers fail alike is one thing that is wrong. An entry of the ledger is somebody's: what it knows stays apart. */
export function alike(lines: readonly BlameLine[]): readonly BlameGroup[] {
  const keyOf = (line: BlameLine) => JSON.stringify({ ...line, peer: line.isKnown ? line.peer : '' });
  return [...Map.groupBy(lines, keyOf).values()] as unknown as readonly BlameGroup[];
}

/** The lines of blame of all peers that have one. */
export function blameText(matrix: Matrix, style: Style): string {
  return alike(linesOfBlame(matrix))
    .map((group) => {
      const [{ isKnown }] = group;
      return style(isKnown ? 'yellow' : 'red', `${isKnown ? '~' : '✕'} ${blameSentence(group)}`);
    })
    .join('\n');
}

/**
 * `alpha server fails unknown/empty with 5 of 5 clients, itself included`;
 * `alpha, beta and gamma clients fail pick/one with 3 of 3 servers each`.
 */
export function blameSentence([line, ...others]: BlameGroup): string {
  const { role, scenarios, failedWith, ranWith, isKnown } = line;
  const partners = role === 'server' ? 'client' : 'server';
  const names = scenarios.slice(0, shownScenarios).join(', ');
  const more = scenarios.length - shownScenarios;
  const which = more > 0 ? `${names} and ${count(more, 'more scenario')}` : names;
  const known = isKnown ? ', as the ledger knows' : '';
  const whom = `${failedWith.length} of ${count(ranWith.length, partners)}`;
  if (others.length === 0)
    return `${line.peer} ${role} fails ${which} with ${whom}${itself(line.peer, failedWith, ranWith)}${known}`;
  return `${several([line, ...others].map(({ peer }) => peer))} ${role}s fail ${which} with ${whom} each${known}`;
}

const shownPeers = 4;

/** `alpha, beta and gamma`; `alpha, beta, gamma, delta and 10 more`. */
function several(peers: readonly string[]): string {
  const shown =
    peers.length > shownPeers ? [...peers.slice(0, shownPeers), `${peers.length - shownPeers} more`] : peers;
  return `${shown.slice(0, -1).join(', ')} and ${shown.at(-1)}`;
}

function itself(peer: string, failedWith: readonly string[], ranWith: readonly string[]): string {
  if (!ranWith.includes(peer) || ranWith.length === 1) return '';
  return failedWith.includes(peer) ? ', itself included' : ', but not with itself';
}
