import { useState } from 'preact/hooks';
import { type Cell, cellId } from '../../model/cell.ts';
import type { CellResult } from '../../model/event.ts';
import type { Standing } from '../../outcome/matrix.ts';
import { type BlameGroup, blameSentence } from '../../report/blame.ts';
import { type Cause, causesOf, sinceWhen } from '../../report/causes.ts';
import { type FailureGroup, outcomeText } from '../../report/failure.ts';
import { flakyText } from '../../report/flaky.ts';
import { worstOf } from '../../report/places.ts';
import { count } from '../../report/text.ts';
import { placeOf } from '../folds.ts';
import type { Run } from '../run.ts';
import {
  address,
  askedByStanding,
  badStandings,
  blameLines,
  changeOf,
  changes,
  go,
  isAskedFor,
  standingOf,
} from '../state.ts';
import { ChangeList } from './change-list.tsx';
import { usePrinting } from './printing.ts';
import { ScenarioName } from './scenario-name.tsx';
import { StandingMark } from './standing-mark.tsx';

const shownAtFirst = 50;

/** Nothing is opened: what is wrong, or what is not as it was. */
export function Overview({ run }: { run: Run }) {
  // What changed is told cell by cell, with its reasons: once is enough.
  if (changes.value && address.value.isChangedOnly)
    return (
      <>
        <ChangeList />
        <Missing />
      </>
    );
  return (
    <>
      <Causes run={run} />
      <Missing />
      <Known run={run} />
    </>
  );
}

/** One list of what is wrong: who fails what, with whom, since when, and one cell that proves it. */
function Causes({ run }: { run: Run }) {
  const [wanted, setWanted] = useState(shownAtFirst);
  const limit = usePrinting() ? Infinity : wanted;
  const serious = run.matrix.notable.filter((result) => {
    const cell = run.cells.get(cellId(result));
    const standing = cell && standingOf(cell);
    return standing && badStandings.includes(standing) && isAskedFor.value(cell, standing);
  });
  const causes = causesOf(serious, blameLines.value);
  if (causes.length === 0)
    return <p class="quiet">Nothing that is asked for failed. Choose a pairing to see its scenarios.</p>;
  return (
    <>
      <h2>What is wrong</h2>
      <ul class="failures">
        {causes.slice(0, limit).map((cause) => (
          <CauseItem key={cellId(cause.cells[0])} run={run} cause={cause} />
        ))}
      </ul>
      {causes.length > limit && (
        <button type="button" onClick={() => setWanted(limit + 500)}>
          {causes.length - limit} more: show the next {Math.min(500, causes.length - limit)}
        </button>
      )}
    </>
  );
}

function CauseItem({ run, cause: { lines, cells, reasons } }: { run: Run; cause: Cause }) {
  const [first] = cells;
  return (
    <li>
      {lines && (
        <button type="button" class="place-name" onClick={() => go({ query: queryOf(lines) })}>
          <StandingMark standing={worstStanding(run, cells)} /> <b>{blameSentence(lines)}</b>
        </button>
      )}
      {changes.value && <p class="quiet since">{sinceWhen(cells, changes.value, changeOf.value)}</p>}
      {reasons.slice(0, shownReasons).map((group) => (
        <Reason key={cellId(group[0])} run={run} group={group} hasTitle={!lines} />
      ))}
      {reasons.length > shownReasons && (
        <p class="quiet">… and {count(reasons.length - shownReasons, 'more reason')}</p>
      )}
      {reasons.length === 0 && <Proof run={run} result={first} />}
    </li>
  );
}

/** More reasons for what one peer does say no more. */
const shownReasons = 5;

/** What was found in some cells, and the first of them. */
function Reason({ run, group, hasTitle }: { run: Run; group: FailureGroup; hasTitle: boolean }) {
  const [first, ...others] = group;
  const { matrix } = run;
  const isFlaky = matrix.standings.get(cellId(first)) === 'flaky';
  const title = matrix.started?.scenarios.find(({ name }) => name === first.scenario)?.title;
  const said = <p class="said">{isFlaky ? flakyText(first, matrix) : outcomeText(first)}</p>;
  return (
    <>
      {!hasTitle && said}
      <Proof run={run} result={first} />
      {others.length > 0 && (
        <span class="quiet"> … and {count(others.length, 'more cell')} for the same reason</span>
      )}
      {hasTitle && title && <p class="quiet">{title}</p>}
      {hasTitle && said}
    </>
  );
}

/** The cell that shows it, one click away. */
function Proof({ run, result }: { run: Run; result: CellResult }) {
  return (
    <button type="button" class="place-name" onClick={() => go({ at: cellId(result), round: 0 })}>
      <StandingMark standing={run.matrix.standings.get(cellId(result)) ?? 'missing'} /> {result.client} client
      → {result.server} server{' '}
      <b>
        <ScenarioName run={run} scenario={result.scenario} />
      </b>
    </button>
  );
}

function worstStanding(run: Run, cells: readonly CellResult[]): Standing {
  return worstOf(placeOf(cells.map((cell) => run.matrix.standings.get(cellId(cell)) ?? 'missing')));
}

/** The cells that lines of blame are about. */
function queryOf(lines: BlameGroup): string {
  const [{ role, scenarios }] = lines;
  return `${role}:${lines.map(({ peer }) => peer).join(',')} scenario:${scenarios.join(',')}`;
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

/** What the ledger lists, an entry once: many, with many peers, and there for who asks. */
function Known({ run }: { run: Run }) {
  const { matrix } = run;
  const known = askedByStanding.value.get('known') ?? [];
  if (known.length === 0) return null;
  const byEntry = Map.groupBy(known, ({ known }: Cell) => known ?? -1);
  const ids = new Map(known.map((cell) => [cellId(cell), cell.known]));
  const causes = causesOf(
    matrix.notable.filter((result) => ids.has(cellId(result))),
    blameLines.value.filter(({ isKnown }) => isKnown),
  );
  const causesByEntry = Map.groupBy(causes, ({ cells: [first] }) => ids.get(cellId(first)));
  return (
    <details class="known" open={byEntry.size <= shownKnown}>
      <summary>
        <h2>
          Known failures: {count(known.length, 'cell')}, {byEntry.size}{' '}
          {byEntry.size === 1 ? 'entry' : 'entries'} of the ledger
        </h2>
      </summary>
      <ul class="known-failures">
        {[...byEntry].map(([index, cells]) => (
          <li key={index}>
            <StandingMark standing="known" /> <b>{matrix.started?.ledger[index]?.pattern}</b> (
            {count(cells.length, 'cell')}): <LedgerReason run={matrix} index={index} />
            {causesByEntry.get(index)?.map(({ lines, cells: [first] }) => (
              <div key={cellId(first)}>
                {lines && (
                  <button type="button" class="place-name" onClick={() => go({ query: queryOf(lines) })}>
                    {blameSentence([{ ...lines[0], isKnown: false }])}
                  </button>
                )}{' '}
                <Proof run={run} result={first} />
              </div>
            ))}
          </li>
        ))}
      </ul>
    </details>
  );
}

const shownKnown = 12;

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
