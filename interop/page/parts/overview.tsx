import { useEffect, useState } from 'preact/hooks';
import { type Cell, cellId } from '../../model/cell.ts';
import { blameSentence } from '../../report/blame.ts';
import { failureGroups, outcomeText } from '../../report/failure.ts';
import { flakyText } from '../../report/flaky.ts';
import { count } from '../../report/text.ts';
import type { Run } from '../run.ts';
import { askedByStanding, blameLines, go, isAskedFor, standingOf } from '../state.ts';
import { ChangeList } from './change-list.tsx';
import { ScenarioName } from './scenario-name.tsx';
import { StandingMark } from './standing-mark.tsx';

const shownAtFirst = 50;

/** Nothing is opened: who is to blame, and what is not as it should be. */
export function Overview({ run }: { run: Run }) {
  const lines = blameLines.value;
  return (
    <>
      <ChangeList />
      {lines.length > 0 && (
        <>
          <h2>Who fails</h2>
          <ul class="blame">
            {lines.map((line) => (
              <li key={blameSentence(line)}>
                <span class={`mark ${line.isKnown ? 'known' : 'unexpected'}`} aria-hidden="true">
                  {line.isKnown ? '~' : '✕'}
                </span>{' '}
                {blameSentence(line)}
              </li>
            ))}
          </ul>
        </>
      )}
      <Failures run={run} />
      <Missing />
      <Known run={run} />
    </>
  );
}

function Failures({ run }: { run: Run }) {
  const { matrix, cells } = run;
  const [limit, setLimit] = useState(shownAtFirst);
  useEffect(() => whenPrinted(() => setLimit(Infinity)), []);
  const groups = failureGroups(matrix).filter((group) =>
    group.some((result) => {
      const cell = cells.get(cellId(result));
      return cell && isAskedFor.value(cell, standingOf(cell));
    }),
  );
  if (groups.length === 0)
    return <p class="quiet">Nothing that is asked for failed. Choose a pairing to see its scenarios.</p>;
  return (
    <>
      <h2>What is not as it should be</h2>
      <ul class="failures">
        {groups.slice(0, limit).map(([first, ...others]) => {
          const standing = matrix.standings.get(cellId(first)) ?? 'missing';
          const scenario = matrix.started?.scenarios.find(({ name }) => name === first.scenario);
          return (
            <li key={cellId(first)}>
              <button type="button" class="place-name" onClick={() => go({ at: cellId(first), round: 0 })}>
                <StandingMark standing={standing} /> {first.client} client → {first.server} server{' '}
                <b>
                  <ScenarioName run={run} scenario={first.scenario} />
                </b>
              </button>
              {scenario && <p class="quiet">{scenario.title}</p>}
              <p class="said">{standing === 'flaky' ? flakyText(first, matrix) : outcomeText(first)}</p>
              {others.length > 0 && (
                <p class="quiet">… and {count(others.length, 'more cell')} for the same reason</p>
              )}
            </li>
          );
        })}
      </ul>
      {groups.length > limit && (
        <button type="button" onClick={() => setLimit(limit + 500)}>
          {groups.length - limit} more: show the next {Math.min(500, groups.length - limit)}
        </button>
      )}
    </>
  );
}

/** On paper nobody can ask for the rest. */
function whenPrinted(act: () => void): () => void {
  const print = matchMedia('print');
  const check = () => {
    if (print.matches) act();
  };
  print.addEventListener('change', check);
  return () => print.removeEventListener('change', check);
}

/** What has no result failed nothing, and is as bad. */
function Missing() {
  const missing = askedByStanding.value.get('missing') ?? [];
  if (missing.length === 0) return null;
  return (
    <p>
      <StandingMark standing="missing" /> {count(missing.length, 'planned cell')}{' '}
      {missing.length === 1 ? 'has' : 'have'} no result.
    </p>
  );
}

function Known({ run: { matrix } }: { run: Run }) {
  const known = askedByStanding.value.get('known') ?? [];
  if (known.length === 0) return null;
  const byEntry = Map.groupBy(known, ({ known }: Cell) => known ?? -1);
  return (
    <>
      <h2>Known failures</h2>
      <ul class="known-failures">
        {[...byEntry].map(([index, cells]) => (
          <li key={index}>
            <StandingMark standing="known" /> <b>{matrix.started?.ledger[index]?.pattern}</b> (
            {count(cells.length, 'cell')}): <LedgerReason run={matrix} index={index} />
          </li>
        ))}
      </ul>
    </>
  );
}

/** Why a failure is known, until when, and where it is followed. */
export function LedgerReason({ run, index }: { run: Run['matrix']; index: number }) {
  const entry = run.started?.ledger[index];
  if (!entry) return null;
  return (
    <>
      {entry.reason} <WebLink url={entry.issue} />; {entry.owner}, until {entry.expires}
    </>
  );
}

/** A link, if it is one to the web; other words stay words. */
export function WebLink({ url }: { url: string }) {
  return /^https:\/\//.test(url) ? (
    <a href={url} rel="noreferrer">
      {url}
    </a>
  ) : (
    <span>{url}</span>
  );
}
