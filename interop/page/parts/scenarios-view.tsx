import { useRef } from 'preact/hooks';
import { type Cell, cellId, pairingId } from '../../model/cell.ts';
import type { Standing } from '../../outcome/matrix.ts';
import { countsText, worstOf } from '../../report/places.ts';
import { looks } from '../../report/standing.ts';
import { count } from '../../report/text.ts';
import { fewScenarios, groupsOf, placeOf, type Row, rowsOf } from '../folds.ts';
import { moveInGrid } from '../grid-keys.ts';
import type { Run } from '../run.ts';
import { address, asked, go, isFoldOpen, pointedAt, standingOf } from '../state.ts';
import { FoldButton } from './fold-button.tsx';
import { usePrinting } from './printing.ts';
import { ScenarioName } from './scenario-name.tsx';
import { Scroller } from './scroller.tsx';
import { useWindowed, type Windowed } from './windowed.ts';

const rowPixels = 26;
const columnPixels = 30;

/** Every cell that is asked for: scenarios down, pairings across. */
export function ScenariosView({ run }: { run: Run }) {
  const cells = asked.value;
  const scenarios = [...new Set(cells.map(({ scenario }) => scenario))];
  const pairings = [...new Set(cells.map(pairingId))];
  const grid = { run, lines: linesOf(run, scenarios), pairings, ids: new Set(cells.map(cellId)) };
  return usePrinting() ? <Printed grid={grid} /> : <InSight grid={grid} />;
}

/** What is crossed with what. */
interface Grid {
  readonly run: Run;
  readonly lines: readonly Row[];
  readonly pairings: readonly string[];
  /** Of the cells that are asked for. */
  readonly ids: ReadonlySet<string>;
}

/** Only what is in sight is drawn. */
function InSight({ grid }: { grid: Grid }) {
  const scroller = useRef<HTMLElement>(null);
  const rows = useWindowed(scroller, grid.lines.length, rowPixels, false);
  const columns = useWindowed(scroller, grid.pairings.length, columnPixels, true);
  return (
    <Scroller class="windowed" label="every cell that is asked for" box={scroller}>
      <CrossTable grid={grid} rows={rows} columns={columns} />
    </Scroller>
  );
}

/** So many columns are as wide as paper. */
const printedColumns = 14;
/** More than anybody reads on paper. */
const printedCells = 40_000;

/** All of it, below each other what would lie beyond the edge. */
function Printed({ grid }: { grid: Grid }) {
  const { lines, pairings } = grid;
  const shown = Math.min(pairings.length, Math.floor(printedCells / Math.max(1, lines.length)));
  const blocks = Array.from(
    { length: Math.ceil(shown / printedColumns) },
    (_, block) => block * printedColumns,
  );
  const rows = span(0, lines.length);
  return (
    <>
      {blocks.map((first) => (
        <CrossTable
          key={first}
          grid={grid}
          rows={rows}
          columns={span(first, Math.min(first + printedColumns, shown))}
        />
      ))}
      {shown < pairings.length && (
        <p>
          {count(pairings.length - shown, 'more pairing')} would be too much for paper: a query selects some.
        </p>
      )}
    </>
  );
}

/** All from one to another, and nothing left out. */
function span(from: number, to: number): Windowed {
  const items = Array.from({ length: to - from }, (_, index) => ({ index: from + index }));
  return { items, before: 0, after: 0 };
}

interface CrossTableProps {
  readonly grid: Grid;
  readonly rows: Windowed;
  readonly columns: Windowed;
}

function CrossTable({ grid: { run, lines, pairings, ids }, rows, columns }: CrossTableProps) {
  const isFolded = lines.some((line) => 'fold' in line);
  return (
    <table
      class="scenarios"
      aria-rowcount={lines.length + 1}
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
              <span title={pairings[index]?.replace('/', ' → ')}>{pairings[index]?.replace('/', ' → ')}</span>
            </th>
          ))}
          <Gap pixels={columns.after} />
        </tr>
      </thead>
      <tbody>
        <SpacerRow pixels={rows.before} />
        {rows.items.map(({ index: row }) => {
          const line = lines[row];
          if (!line) return null;
          return (
            <tr key={'fold' in line ? line.fold.key : line.scenario} aria-rowindex={row + 2}>
              <RowHead run={run} line={line} row={row} isFolded={isFolded} />
              <Gap pixels={columns.before} />
              {columns.items.map(({ index: column }) => (
                <td key={pairings[column]} aria-colindex={column + 2}>
                  <Crossing
                    run={run}
                    ids={ids}
                    line={line}
                    pairing={pairings[column] ?? ''}
                    place={`${row},${column}`}
                    isStop={!isFolded}
                  />
                </td>
              ))}
              <Gap pixels={columns.after} />
            </tr>
          );
        })}
        <SpacerRow pixels={rows.after} />
      </tbody>
    </table>
  );
}

/** Few scenarios are seen at once; of many, groups are folded in which nothing must be seen. */
function linesOf(run: Run, scenarios: readonly string[]): readonly Row[] {
  if (scenarios.length <= fewScenarios) return scenarios.map((scenario) => ({ scenario }));
  return rowsOf(groupsOf(scenarios, run.matrix.contracts), isFoldOpen);
}

interface RowHeadProps {
  readonly run: Run;
  readonly line: Row;
  readonly row: number;
  /** There are rows of contracts and groups above those of scenarios. */
  readonly isFolded: boolean;
}

function RowHead({ run, line, row, isFolded }: RowHeadProps) {
  if ('scenario' in line) {
    const { scenario } = line;
    return (
      <th
        scope="row"
        class={isFolded ? 'within' : ''}
        title={`${scenario} (contract ${run.matrix.contracts.get(scenario)})`}
      >
        {isFolded ? scenario : <ScenarioName run={run} scenario={scenario} />}
      </th>
    );
  }
  const { fold, isOpen } = line;
  return (
    <th scope="row" class={fold.key === fold.contract ? 'contract-head' : 'group-head'}>
      <FoldButton fold={fold} isOpen={isOpen} place={`${row},-1`}>
        {fold.name} <span class="quiet">{fold.scenarios.length}</span>
      </FoldButton>
    </th>
  );
}

interface CrossingProps {
  readonly run: Run;
  /** Of the cells that are asked for. */
  readonly ids: ReadonlySet<string>;
  readonly line: Row;
  readonly pairing: string;
  readonly place: string;
  /** The first place is the one that Tab leads to. */
  readonly isStop: boolean;
}

/** What came of a pairing in that row. */
function Crossing({ run, ids, line, pairing, place, isStop }: CrossingProps) {
  const tabIndex = isStop && place === '0,0' ? 0 : -1;
  const scenarios = 'fold' in line ? line.fold.scenarios : [line.scenario];
  const cells = scenarios.flatMap((scenario) => {
    const id = `${pairing}/${scenario}`;
    return ids.has(id) ? (run.cells.get(id) ?? []) : [];
  });
  const [cell] = cells;
  if (!cell) return null;
  const isBusy = run.running.size > 0 && cells.some((each) => run.running.has(cellId(each)));
  return 'fold' in line ? (
    <FoldedButton name={line.fold.name} cells={cells} place={place} tabIndex={tabIndex} isBusy={isBusy} />
  ) : (
    <CellButton cell={cell} place={place} tabIndex={tabIndex} isBusy={isBusy} />
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

interface ButtonProps {
  readonly place: string;
  readonly tabIndex: number;
  readonly isBusy: boolean;
}

/** Several cells of a pairing: how many stand as the worst of them does. It opens the pairing. */
function FoldedButton({
  name,
  cells,
  place,
  tabIndex,
  isBusy,
}: ButtonProps & { name: string; cells: readonly Cell[] }) {
  const found = placeOf(cells.map(standingOf));
  const worst = worstOf(found);
  const { client, server } = cells[0] ?? { client: '', server: '' };
  const isPointedOut = pointedAt.value !== undefined && found.counts.has(pointedAt.value);
  const label = `${client} client, ${server} server, ${name}: ${countsText(found)}`;
  return (
    <button
      type="button"
      class={`one several ${[worst, isBusy && 'busy', isPointedOut && 'pointed-out'].filter(Boolean).join(' ')}`}
      data-place={place}
      tabIndex={tabIndex}
      aria-label={label}
      title={label}
      onClick={() => go({ at: `${client}/${server}`, round: 0 })}
    >
      {found.counts.get(worst)}
      <span class="mark">{looks[worst].glyph}</span>
    </button>
  );
}

function CellButton({ cell, place, tabIndex, isBusy }: ButtonProps & { cell: Cell }) {
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
      tabIndex={tabIndex}
      aria-label={name}
      title={name}
      onClick={() => go({ at: id, round: 0 })}
    >
      <span class="mark">{glyph}</span>
    </button>
  );
}
