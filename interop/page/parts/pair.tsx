import type { ComponentChildren } from 'preact';
import { type Cell, cellId } from '../../model/cell.ts';
import type { Implementation, MessageDepth, Role } from '../../model/peer.ts';
import { outcomeText } from '../../report/failure.ts';
import { flakyText } from '../../report/flaky.ts';
import { countsText, severityOf, worstOf } from '../../report/places.ts';
import { looks } from '../../report/standing.ts';
import { fewScenarios, groupsOf, placeOf } from '../folds.ts';
import type { Run } from '../run.ts';
import { resultToShow } from '../shown-result.ts';
import { asked, badStandings, go, hasContracts, isFoldOpen, standingOf } from '../state.ts';
import { DetailHead } from './detail-head.tsx';
import { FoldButton } from './fold-button.tsx';
import { ScenarioName } from './scenario-name.tsx';
import { StandingMark } from './standing-mark.tsx';

/** One pairing: its scenarios, those first that must be seen; of many, groups are folded in which nothing must be. */
export function Pair({ run, client, server }: { run: Run; client: string; server: string }) {
  const cells = asked.value.filter((cell) => cell.client === client && cell.server === server);
  return (
    <>
      <DetailHead title={`${client} client → ${server} server`} up="" />
      <Makers run={run} client={client} server={server} />
      {cells.length <= fewScenarios ? (
        <CellList
          run={run}
          cells={cells}
          nameOf={(scenario) => <ScenarioName run={run} scenario={scenario} />}
        />
      ) : (
        <GroupList run={run} cells={cells} />
      )}
      {cells.length === 0 && <p class="quiet">No cell of this pairing is asked for.</p>}
    </>
  );
}

function GroupList({ run, cells }: { run: Run; cells: readonly Cell[] }) {
  const byScenario = new Map(cells.map((cell) => [cell.scenario, cell]));
  const groups = groupsOf([...byScenario.keys()], run.matrix.contracts).map((fold) => {
    const own = fold.scenarios.flatMap((scenario) => byScenario.get(scenario) ?? []);
    const place = placeOf(own.map(standingOf));
    return { fold, own, place, worst: worstOf(place) };
  });
  const red = new Set(groups.flatMap(({ fold, worst }) => (badStandings.includes(worst) ? fold.key : [])));
  return (
    <ul class="groups">
      {groups
        .toSorted((a, b) => severityOf(a.worst) - severityOf(b.worst))
        .map(({ fold, own, place, worst }) => (
          <li key={fold.key}>
            <FoldButton fold={fold} isOpen={isFoldOpen(fold, red)}>
              <StandingMark standing={worst} />{' '}
              {hasContracts.value && <span class="contract">{fold.contract} </span>}
              <b>{fold.name}</b> <span class="quiet">{countsText(place)}</span>
            </FoldButton>
            {isFoldOpen(fold, red) && <CellList run={run} cells={own} nameOf={(scenario) => scenario} />}
          </li>
        ))}
    </ul>
  );
}

interface CellListProps {
  readonly run: Run;
  readonly cells: readonly Cell[];
  readonly nameOf: (scenario: string) => ComponentChildren;
}

function CellList({ run, cells, nameOf }: CellListProps) {
  const titles = new Map(run.matrix.started?.scenarios.map(({ name, title }) => [name, title]));
  const sorted = cells.toSorted((a, b) => severityOf(standingOf(a)) - severityOf(standingOf(b)));
  return (
    <ul class="scenario-list">
      {sorted.map((cell) => (
        <li key={cellId(cell)} class={standingOf(cell)}>
          <button type="button" class="place-name" onClick={() => go({ at: cellId(cell), round: 0 })}>
            <StandingMark standing={standingOf(cell)} /> <b>{nameOf(cell.scenario)}</b>
          </button>
          <p class="quiet">{titles.get(cell.scenario)}</p>
          <Reason run={run} cell={cell} />
        </li>
      ))}
    </ul>
  );
}

function Reason({ run, cell }: { run: Run; cell: Cell }) {
  const standing = standingOf(cell);
  const result = resultToShow(run, cell, 0);
  if (standing === 'ok' || !result) return null;
  const text = standing === 'flaky' ? flakyText(cell, run.matrix) : outcomeText(result);
  return <p class="said">{standing === 'known' ? `${looks.known.word}; ${text}` : text}</p>;
}

const depths: Readonly<Record<MessageDepth, string>> = {
  generated: '; messages are generated code',
  dynamic: '; messages are made at run time',
  bytes: '; messages are bytes, and not looked into',
};

function depthText({ messages }: Implementation): string {
  return messages ? depths[messages] : '';
}

/** A program that knows nothing of the harness has no line to say it in. */
function madeOf(made: Implementation): string {
  const { library, libraryVersion, language, languageVersion } = made;
  if (library === '' && language === '') return 'what it is made of, it does not say';
  return `${library} ${libraryVersion}, ${language} ${languageVersion}${depthText(made)}`;
}

/** What both ends are made of, as they said themselves, and what was built. */
export function Makers({ run, client, server }: { run: Run; client: string; server: string }) {
  const ends: readonly (readonly [Role, string])[] = [
    ['client', client],
    ['server', server],
  ];
  return (
    <dl class="makers">
      {ends.map(([role, peer]) => {
        const facts = run.peers.get(peer);
        const made = facts?.roles[role];
        return (
          <div key={role}>
            <dt>{role}</dt>
            <dd>
              {peer}
              {made
                ? `: ${madeOf(made)}`
                : `: it ${run.matrix.finished ? 'did not start' : 'has not started yet'}`}
              {facts?.artifact && <code>{facts.artifact}</code>}
            </dd>
          </div>
        );
      })}
    </dl>
  );
}
