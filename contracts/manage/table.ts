/** A row of the table that every server knows. */
export interface Row {
  readonly name: string;
  readonly id: number;
  readonly skill: string;
}

/** The rows that every server knows, in the order of their ids. */
export const table: readonly Row[] = [
  { name: 'Cyber', id: 0, skill: 'breaking' },
  { name: 'Shrink', id: 1, skill: 'short-flying' },
  { name: 'Doubledip', id: 2, skill: 'filting anying' },
  { name: 'Howcome', id: 3, skill: 'making why' },
  { name: 'Squawk', id: 4, skill: 'advanced language skill' },
  { name: 'Truxx', id: 5, skill: 'seting up heavy machine' },
  { name: 'Gigi', id: 6, skill: 'touching ur heart' },
  { name: 'Stitch', id: 7, skill: 'making annoyed noise' },
];

/** The row of that name; an error when there is none, since a scenario must not be built on a typing mistake. */
export function row(name: string): Row {
  const found = table.find((each) => each.name === name);
  if (!found) throw new Error(`no row is named ${JSON.stringify(name)}`);
  return found;
}
