import { isHealthy } from '../../outcome/matrix.ts';
import { changesHead } from '../../report/changes.ts';
import { headline } from '../../report/headline.ts';
import { duration } from '../../report/text.ts';
import { verdict } from '../../report/verdict.ts';
import { changes, feed, isRunning, numbers, shown } from '../state.ts';
import { Counts } from './counts.tsx';

/** The verdict in one sentence, what was run, and the counts. */
export function Head() {
  const matrix = shown.value?.run.matrix;
  const tally = numbers.value;
  if (!matrix?.started || !tally) return null;
  const ended = tally.planned - tally.missing;
  const sentence = isRunning.value
    ? `Running: ${ended} of ${tally.planned} planned cells have ended`
    : verdict(matrix);
  const mark = isRunning.value ? '…' : isHealthy(tally) ? '✓' : '✕';
  document.title = `${mark} Stitch: ${sentence}`;
  return (
    <header class="head">
      <p class="brand">Stitch interop</p>
      <h1 class={isRunning.value ? '' : isHealthy(tally) ? 'ok' : 'unexpected'}>
        <span aria-hidden="true">{mark} </span>
        {sentence}
      </h1>
      {isRunning.value && (
        <progress max={tally.planned} value={ended} aria-label="planned cells that have ended" />
      )}
      {feed.value === 'lost' && (
        <p class="notice" role="status">
          The harness does not answer; it is asked again. What came is shown, and the whole is in its log and
          report.html.
        </p>
      )}
      <p class="quiet">
        {headline(matrix.started)}; started <Time at={matrix.started.at} />
        {matrix.finished ? `, took ${duration(matrix.finished.durationMs)}` : ''}
        {matrix.started.leftOut ? `. ${matrix.started.leftOut}` : ''}
      </p>
      <Compared />
      <Counts />
      {matrix.problems.length > 0 && (
        <ul class="problems" aria-label="problems of the run">
          {matrix.problems.map((problem) => (
            <li key={problem}>
              <span aria-hidden="true">✕ </span>
              {problem}
            </li>
          ))}
        </ul>
      )}
    </header>
  );
}

function Compared() {
  const found = changes.value;
  return found ? <p class="quiet">{changesHead(found)}</p> : null;
}

/** ISO time, as a person writes it; the same everywhere, so that a picture of it can be compared. */
export function Time({ at }: { at: string }) {
  return <time dateTime={at}>{`${at.slice(0, 10)} ${at.slice(11, 16)} UTC`}</time>;
}
