import { type Cell, cellId } from '../../model/cell.ts';
import type { CellChange } from '../../outcome/baseline.ts';
import { howText, pairingLine, reasonBefore, shiftLines } from '../../report/changes.ts';
import { placeText } from '../../report/failure.ts';
import { count } from '../../report/text.ts';
import { address, changeOf, changes, go } from '../state.ts';
import { StandingMark } from './standing-mark.tsx';

const shownAtMost = 500;

/** What is not as it was in the baseline: cells with both standings, and pairings that became slower or faster. */
export function ChangeList() {
  const found = changes.value;
  if (!found || !address.value.isChangedOnly) return null;
  const { cells, pace } = found;
  return (
    <>
      <h2>Changed since</h2>
      {cells.length === 0 && <p class="quiet">No cell stands otherwise than it did.</p>}
      <ul class="changes">
        {cells.slice(0, shownAtMost).map((change) => (
          <li key={cellId(change)}>
            <Place change={change} />
            <p class="said">
              {howText(change)}
              {change.isRegression && <b class="flag"> regression</b>}
            </p>
            {reasonBefore(change) && <p class="quiet">before: {reasonBefore(change)}</p>}
          </li>
        ))}
      </ul>
      {cells.length > shownAtMost && (
        <p class="quiet">… and {count(cells.length - shownAtMost, 'more cell')}: narrow them by a query.</p>
      )}
      {pace.pairings.map((pairing) => (
        <p key={`${pairing.client}/${pairing.server}`}>{pairingLine(pairing)}</p>
      ))}
      {shiftLines(pace).map((line) => (
        <p key={line} class="quiet">
          {line}
        </p>
      ))}
    </>
  );
}

function Place({ change }: { change: CellChange }) {
  const name = (
    <>
      <StandingMark standing={change.now?.standing ?? 'missing'} /> {placeText(change)}
    </>
  );
  // What is gone has no cell to open.
  if (!change.now) return <span>{name}</span>;
  return (
    <button type="button" class="place-name" onClick={() => go({ at: cellId(change), round: 0 })}>
      {name}
    </button>
  );
}

/** How this one cell stood before. */
export function ChangeOf({ cell }: { cell: Cell }) {
  const change = changeOf.value.get(cellId(cell));
  return change ? (
    <p>
      <b>Changed since the baseline:</b> {howText(change)}
      {reasonBefore(change) && `; before: ${reasonBefore(change)}`}
    </p>
  ) : null;
}
