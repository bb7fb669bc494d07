import { useEffect, useState } from 'preact/hooks';
import { type Cell, cellId } from '../../model/cell.ts';
import type { CellResult } from '../../model/event.ts';
import { proofText } from '../../report/conversation.ts';
import { outcomeText } from '../../report/failure.ts';
import { flakyText } from '../../report/flaky.ts';
import { type Detail, join } from '../../report/page-data.ts';
import { looks } from '../../report/standing.ts';
import { count, duration, printable } from '../../report/text.ts';
import type { Run } from '../run.ts';
import { resultToShow } from '../shown-result.ts';
import { address, go, standingOf } from '../state.ts';
import { ChangeOf } from './change-list.tsx';
import { Conversation } from './conversation.tsx';
import { DetailHead } from './detail-head.tsx';
import { Logs } from './logs.tsx';
import { LedgerReason, WebLink } from './overview.tsx';
import { Makers } from './pair.tsx';
import { Reproduce } from './reproduce.tsx';
import { StandingMark } from './standing-mark.tsx';
import { WitnessTable } from './witness-table.tsx';

/** One cell: what should happen, what each witness says, whose fault it is, what crossed, and how to see it again. */
export function CellDetail({ run, cell }: { run: Run; cell: Cell }) {
  const standing = standingOf(cell);
  const result = resultToShow(run, cell, address.value.round);
  const scenario = run.matrix.started?.scenarios.find(({ name }) => name === cell.scenario);
  return (
    <>
      <DetailHead title={cell.scenario} up={`${cell.client}/${cell.server}`} />
      <p class="where">
        <StandingMark standing={standing} hasWord /> {cell.client} client → {cell.server} server
        {result && `, ${duration(result.durationMs)}`}
      </p>
      {scenario && (
        <figure class="source">
          <p>{scenario.title}</p>
          <blockquote>{scenario.source.text}</blockquote>
          <figcaption>
            <WebLink url={scenario.source.link} />
            {`; of the contract ${scenario.contract}`}
          </figcaption>
        </figure>
      )}
      <ChangeOf cell={cell} />
      <Rounds run={run} cell={cell} shownRound={result?.round} />
      {cell.known !== undefined && (
        <p class="known-reason">
          <b>In the ledger:</b> <LedgerReason run={run.matrix} index={cell.known} />
        </p>
      )}
      {result ? <Result run={run} cell={cell} result={result} /> : <p>{notRunText(run, cell)}</p>}
      <Makers run={run} client={cell.client} server={cell.server} />
    </>
  );
}

function notRunText({ matrix, running }: Run, cell: Cell): string {
  if (running.has(cellId(cell))) return 'It is being played.';
  return matrix.finished ? 'It was planned, and has no result.' : 'It has not been played yet.';
}

/** Of a cell that was played more than once: how often it passed, and each round to look at. */
function Rounds({ run, cell, shownRound }: { run: Run; cell: Cell; shownRound: number | undefined }) {
  const results = run.results.get(cellId(cell)) ?? [];
  if ((run.matrix.started?.rounds ?? 1) === 1) return null;
  return (
    <section aria-label="rounds">
      <p>{printable(flakyText(cell, run.matrix))}.</p>
      <div class="rounds">
        {results.map(({ round, outcome: { kind } }) => {
          const { glyph, word } = looks[kind === 'passed' ? 'ok' : kind === 'failed' ? 'unexpected' : kind];
          return (
            <button
              key={round}
              type="button"
              aria-pressed={round === shownRound}
              aria-label={`round ${round}: ${word}`}
              onClick={() => go({ round })}
            >
              {round} {glyph}
            </button>
          );
        })}
      </div>
    </section>
  );
}

function Result({ run, cell, result }: { run: Run; cell: Cell; result: CellResult }) {
  const detail = useDetail(run, cellId(cell), result.round);
  const whole = typeof detail === 'object' ? join(result, detail) : result;
  const proof = proofText(whole);
  return (
    <>
      {result.outcome.kind !== 'passed' && (
        <div class={`blame-box ${standingOf(cell)}`}>
          <p class="said">{outcomeText(result)}</p>
          {proof && (
            <p>
              proof: <code>{proof}</code>
            </p>
          )}
          {result.outcome.kind === 'failed' && result.outcome.blame.isAgreed && (
            <p>Client and server agree with each other: only the expectation shows it.</p>
          )}
        </div>
      )}
      {cell.known !== undefined && result.outcome.kind === 'passed' && standingOf(cell) === 'unexpected' && (
        <p class="blame-box unexpected">{outcomeText(result)}</p>
      )}
      {result.reproduce && <Reproduce command={result.reproduce} />}
      {detail === 'reading' && <p class="quiet">Reading …</p>}
      {detail === 'left out' && result.outcome.kind !== 'unsupported' && (
        <p class="quiet">
          What its witnesses said was left out of this page to keep it small; the run's log (run.jsonl) has
          it.
        </p>
      )}
      {detail === 'damaged' && (
        <p class="notice" role="alert">
          What its witnesses said cannot be read: this page is damaged. The run's log (run.jsonl) has it.
        </p>
      )}
      {typeof detail === 'object' && <Evidence result={whole} />}
    </>
  );
}

function Evidence({ result }: { result: CellResult }) {
  const { evidence, outcome, logs } = result;
  const calls = evidence.calls.toSorted((a, b) => a.index - b.index);
  const mismatches = outcome.kind === 'failed' ? outcome.mismatches : [];
  return (
    <>
      {calls.map((call) => (
        <section key={call.index} aria-label={`call ${call.index + 1}`}>
          <h3>{calls.length + evidence.omitted > 1 ? `Call ${call.index + 1}` : 'The call'}</h3>
          <WitnessTable call={call} mismatches={mismatches} />
          <Conversation call={call} outcome={outcome} />
        </section>
      ))}
      {evidence.omitted > 0 && <p class="quiet">… and {count(evidence.omitted, 'more call')}</p>}
      {calls.length === 0 && outcome.kind !== 'unsupported' && <p class="quiet">No call was made.</p>}
      {logs && <Logs logs={logs} client={result.client} server={result.server} />}
    </>
  );
}

type ReadDetail = Detail | 'left out' | 'damaged';

/** `reading` until it is there. */
function useDetail(run: Run, id: string, round: number): ReadDetail | 'reading' {
  const key = `${id} ${round}`;
  // A run that goes on is another object now and then, with the same matrix.
  const { matrix } = run;
  const [read, setRead] = useState<{ key: string; matrix: Run['matrix']; detail: ReadDetail }>();
  useEffect(() => {
    let isWanted = true;
    run.detail(id, round).then(
      (detail) => isWanted && setRead({ key, matrix, detail: detail ?? 'left out' }),
      () => isWanted && setRead({ key, matrix, detail: 'damaged' }),
    );
    return () => {
      isWanted = false;
    };
  }, [matrix, id, round]);
  return read?.key === key && read.matrix === matrix ? read.detail : 'reading';
}
