import { type BlameLine, linesOfBlame } from '../outcome/blame.ts';
import type { Matrix } from '../outcome/matrix.ts';
import type { Style } from './style.ts';
import { count } from './text.ts';

const shownScenarios = 3;

/** The line of blame of each peer that has one. */
export function blameText(matrix: Matrix, style: Style): string {
  return linesOfBlame(matrix)
    .map((line) =>
      style(line.isKnown ? 'yellow' : 'red', `${line.isKnown ? '~' : '✕'} ${blameSentence(line)}`),
    )
    .join('\n');
}

/** `alpha server fails unknown/empty with 5 of 5 clients, itself included`. */
export function blameSentence({ peer, role, scenarios, failedWith, ranWith, isKnown }: BlameLine): string {
  const partners = role === 'server' ? 'client' : 'server';
  const names = scenarios.slice(0, shownScenarios).join(', ');
  const more = scenarios.length - shownScenarios;
  const which = more > 0 ? `${names} and ${count(more, 'more scenario')}` : names;
  const known = isKnown ? ', as the ledger knows' : '';
  return `${peer} ${role} fails ${which} with ${failedWith.length} of ${count(ranWith.length, partners)}${itself(peer, failedWith, ranWith)}${known}`;
}

function itself(peer: string, failedWith: readonly string[], ranWith: readonly string[]): string {
  if (!ranWith.includes(peer) || ranWith.length === 1) return '';
  return failedWith.includes(peer) ? ', itself included' : ', but not with itself';
}
