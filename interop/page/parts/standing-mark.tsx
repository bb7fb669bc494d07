import type { Standing } from '../../outcome/matrix.ts';
import { looks } from '../../report/standing.ts';

/** Glyph and, unless it stands beside, the word; never the colour alone. */
export function StandingMark({ standing, hasWord = false }: { standing: Standing; hasWord?: boolean }) {
  const { glyph, word } = looks[standing];
  return (
    <span class={`mark ${standing}`}>
      <span aria-hidden="true">{glyph}</span>
      {hasWord ? ` ${word}` : <span class="unseen">{word}</span>}
    </span>
  );
}
