import { type Standing, standings } from '../../outcome/matrix.ts';
import { looks } from '../../report/standing.ts';
import { address, go, isRunning, numbers, pointedAt, wordsOf } from '../state.ts';

/** The words of `is:` on the command line. */
const words: Readonly<Record<Standing, string>> = {
  ok: 'ok',
  unexpected: 'failed',
  broken: 'broken',
  flaky: 'flaky',
  known: 'known',
  unsupported: 'unsupported',
  missing: 'missing',
};

/** The strip of counts: each is a filter, and points its cells out. */
export function Counts() {
  const tally = numbers.value;
  if (!tally) return null;
  const asked = wordsOf(address.value.query);
  // While they count up, nothing moves.
  const room = isRunning.value && { style: { minWidth: `${String(tally.planned).length}ch` } };
  return (
    <fieldset class="counts">
      <legend class="unseen">cells by standing: each count is a filter</legend>
      <button
        type="button"
        aria-pressed={!asked.some((word) => word.startsWith('is:'))}
        onClick={() => askFor()}
      >
        <b>{tally.planned}</b> planned
      </button>
      {standings.map((standing) => (
        <button
          key={standing}
          type="button"
          class={standing}
          title={looks[standing].meaning}
          aria-pressed={asked.includes(`is:${words[standing]}`)}
          disabled={tally[standing] === 0 && !asked.includes(`is:${words[standing]}`)}
          onClick={() => askFor(standing)}
          onPointerEnter={() => point(standing)}
          onPointerLeave={() => point(undefined)}
          onFocus={() => point(standing)}
          onBlur={() => point(undefined)}
        >
          <span class="mark" aria-hidden="true">
            {looks[standing].glyph}
          </span>{' '}
          <b key={isRunning.value ? 'counting' : 'counted'} {...room}>
            {tally[standing]}
          </b>{' '}
          {standing === 'known' ? 'known' : looks[standing].word}
        </button>
      ))}
    </fieldset>
  );
}

function point(standing: Standing | undefined): void {
  pointedAt.value = standing;
}

/** Adds the standing to the query, or takes it out; without one, all standings are taken out. */
function askFor(standing?: Standing): void {
  const word = standing && `is:${words[standing]}`;
  const others = wordsOf(address.value.query).filter((each) =>
    word ? each !== word : !each.startsWith('is:'),
  );
  const isNew = word !== undefined && others.length === wordsOf(address.value.query).length;
  go({ query: [...others, ...(isNew ? [word] : [])].join(' ') });
}

/** Asks for all that is not as it should be; once more: for everything. */
export function askForFailures(): void {
  const wanted = 'is:failed,broken,flaky';
  const others = wordsOf(address.value.query).filter((word) => !word.startsWith('is:'));
  const isAsked = wordsOf(address.value.query).includes(wanted);
  go({ query: [...others, ...(isAsked ? [] : [wanted])].join(' ') });
}
