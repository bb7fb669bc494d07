/** Arrow keys in a table of buttons: one of them can be reached by Tab, the arrows lead to the others. */

const steps: Readonly<Record<string, readonly [row: number, column: number]>> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
};

/** A key in a table whose buttons have `data-place="row,column"`. */
export function moveInGrid(event: KeyboardEvent): void {
  const step = steps[event.key];
  const button = (event.target as HTMLElement).closest<HTMLElement>('[data-place]');
  const grid = event.currentTarget as HTMLElement;
  if (!step || !button || event.altKey || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  const [row = 0, column = 0] = (button.dataset.place ?? '').split(',').map(Number);
  const at = (place: string) => grid.querySelector<HTMLElement>(`[data-place="${place}"]`);
  const [nextRow, nextColumn] = [row + step[0], column + step[1]];
  // Not every row has a button in its head, which is column -1.
  const next = at(`${nextRow},${nextColumn}`) ?? (nextColumn < 0 && step[0] ? at(`${nextRow},0`) : null);
  if (next) focusIn(grid, next);
}

/** Moves the one tab stop of the table, too. */
export function focusIn(grid: HTMLElement, button: HTMLElement): void {
  for (const other of grid.querySelectorAll<HTMLElement>('[data-place][tabindex="0"]')) other.tabIndex = -1;
  button.tabIndex = 0;
  button.focus();
}
