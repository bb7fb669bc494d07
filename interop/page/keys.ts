/** Keys of the whole page. */
import { cellId } from '../model/cell.ts';
import { askForFailures } from './parts/counts.tsx';
import { showKeys } from './parts/legend.tsx';
import { queryBoxId } from './parts/tools.tsx';
import { address, asked, badStandings, go, standingOf } from './state.ts';

const actions: Readonly<Record<string, () => void>> = {
  '/': () => document.getElementById(queryBoxId)?.focus(),
  f: askForFailures,
  n: () => step(1),
  p: () => step(-1),
  '?': showKeys,
};

export function listenToKeys(): void {
  addEventListener('keydown', (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    const target = event.target as HTMLElement;
    if (target.closest('dialog')) return;
    if (event.key === 'Escape') return close(target);
    const isTyping = target.matches('input:not([type=checkbox], [type=file]), textarea');
    const act = isTyping ? undefined : actions[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });
}

/** Out of the query box; out of a cell into its pairing, and out of that, back to where it was opened. */
function close(target: HTMLElement): void {
  if (target.id === queryBoxId) {
    target.blur();
    return;
  }
  const { at } = address.value;
  if (at === '') return;
  const [client, server, scenario] = at.split('/');
  go({ at: scenario === undefined ? '' : `${client}/${server}`, round: 0 });
  if (scenario === undefined)
    document.querySelector<HTMLElement>(`[data-pairing="${CSS.escape(at)}"]`)?.focus();
}

/** Opens the next cell, in the order of the plan, that is not as it should be. */
function step(by: 1 | -1): void {
  const bad = asked.value.filter((cell) => badStandings.includes(standingOf(cell)));
  if (bad.length === 0) return;
  const here = bad.findIndex((cell) => cellId(cell) === address.value.at);
  const from = here < 0 && by < 0 ? 0 : here;
  const next = bad.at((from + by + bad.length) % bad.length);
  if (next) go({ at: cellId(next), round: 0 });
}
