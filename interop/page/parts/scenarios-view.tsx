import { useRef } from 'preact/hooks';
import { type Cell, cellId } from '../../model/cell.ts';
import type { Standing } from '../../outcome/matrix.ts';
import { looks } from '../../report/standing.ts';
import { moveInGrid } from '../grid-keys.ts';
import type { Run } from '../run.ts';
import { address, asked, go, pointedAt, standingOf } from '../state.ts';
import { ScenarioName } from './scenario-name.tsx';
import { Scroller } from './scroller.tsx';
import { useWindowed } from './windowed.ts';

const rowPixels = 26;
const columnPixels = 30;

/** Every cell that is asked for: scenarios down, pairings across. Only what is in sight is drawn. */
export function ScenariosView({ run }: { run: Run }) {
  const scroller = useRef<HTMLElement>(null);
  const cells = asked.value;
  const scenarios = [...new Set(cells.map(({ scenario }) => scenario))];
  const pairings = [...new Set(cells.map(({ client, server }) => `${client}/${server}`))];
  const rows = useWindowed(scroller, scenarios.length, rowPixels, false);
  const columns = useWindowed(scroller, pairings.length, columnPixels, true);
  const ids = new Set(cells.map(cellId));
  return (
    <Scroller class="windowed" label="every cell that is asked for" box={scroller}>
      <table
        class="scenarios"
        aria-rowcount={scenarios.length + 1}
        aria-colcount={pairings.length + 1}
        onKeyDown={moveInGrid}
      >
        <caption>every cell that is asked for: scenarios down, client → server across</caption>
        <thead>
          <tr aria-rowindex={1}>
            <th scope="col" class="corner">
              scenario
            </th>
            <Gap pixels={columns.before} />
            {columns.items.map(({ index }) => (
              <th key={pairings[index]} scope="col" class="slanted" aria-colindex={index + 2}>
                <span title={pairings[index]?.replace('/', ' → ')}>
                  {pairings[index]?.replace('/', ' → ')}
                </span>
              </th>
            ))}
            <Gap pixels={columns.after} />
          </tr>
        </thead>
        <tbody>
          <SpacerRow pixels={rows.before} />
          {rows.items.map(({ index: row }) => {
            const scenario = scenarios[row] ?? '';
            return (
              <tr key={scenario} aria-rowindex={row + 2}>
                <th scope="row" title={`${scenario} (contract ${run.matrix.contracts.get(scenario)})`}>
                  <ScenarioName run={run} scenario={scenario} />
                </th>
                <Gap pixels={columns.before} />
                {columns.items.map(({ index: column }) => {
                  const id = `${pairings[column]}/${scenario}`;
                  const cell = ids.has(id) ? run.cells.get(id) : undefined;
                  return (
                    <td key={pairings[column]} aria-colindex={column + 2}>
                      {cell && (
                        <CellButton cell={cell} place={`${row},${column}`} isBusy={run.running.has(id)} />
                      )}
                    </td>
                  );
                })}
                <Gap pixels={columns.after} />
              </tr>
            );
          })}
          <SpacerRow pixels={rows.after} />
        </tbody>
      </table>
    </Scroller>
  );
}

function Gap({ pixels }: { pixels: number }) {
  return pixels > 0 ? <td class="gap" style={{ width: `${pixels}px`, minWidth: `${pixels}px` }} /> : null;
}

function SpacerRow({ pixels }: { pixels: number }) {
  return pixels > 0 ? (
    <tr class="gap" style={{ height: `${pixels}px` }}>
      <td />
    </tr>
  ) : null;
}

function CellButton({ cell, place, isBusy }: { cell: Cell; place: string; isBusy: boolean }) {
  const id = cellId(cell);
  const standing: Standing = standingOf(cell);
  const { glyph, word } = looks[standing];
  const isPointedOut = pointedAt.value === standing;
  const state = [
    standing,
    isBusy && 'busy',
    address.value.at === id && 'open',
    isPointedOut && 'pointed-out',
  ];
  const name = `${cell.client} client, ${cell.server} server, ${cell.scenario}: ${word}`;
  return (
    <button
      type="button"
      class={`one ${state.filter(Boolean).join(' ')}`}
      data-place={place}
      tabIndex={place === '0,0' ? 0 : -1}
      aria-label={name}
      title={name}
      onClick={() => go({ at: id, round: 0 })}
    >
      <span class="mark">{glyph}</span>
    </button>
  );
}
