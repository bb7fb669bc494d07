import type { Standing } from '../outcome/matrix.ts';
import type { Format } from './style.ts';

/** How a standing is shown: a glyph and a word, so that no output rests on colour, and what the word means. */
export interface Look {
  readonly glyph: string;
  readonly colour: Format;
  readonly word: string;
  readonly meaning: string;
}

export const looks: Readonly<Record<Standing, Look>> = {
  ok: { glyph: '✓', colour: 'green', word: 'passed', meaning: 'All that was wanted was seen.' },
  unexpected: {
    glyph: '✕',
    colour: 'red',
    word: 'failed',
    meaning: 'Both sides spoke, and something is not as wanted; or a listed failure passed.',
  },
  broken: {
    glyph: '!',
    colour: 'red',
    word: 'broken',
    meaning: 'A program did not build, start, answer or live.',
  },
  flaky: {
    glyph: '≈',
    colour: 'red',
    word: 'flaky',
    meaning: 'It passed in some rounds and not in others, and is not listed as such.',
  },
  known: {
    glyph: '~',
    colour: 'yellow',
    word: 'known failure',
    meaning: 'It failed, and the ledger lists it, with its reason and a date by which it must be gone.',
  },
  unsupported: {
    glyph: '–',
    colour: 'dim',
    word: 'unsupported',
    meaning: 'A side does not claim a feature that the scenario needs; declared before the run.',
  },
  missing: { glyph: '·', colour: 'dim', word: 'not run', meaning: 'Planned, and without a result.' },
};
