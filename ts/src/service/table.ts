// The rows that every server knows, spelled as they are on the wire.
import type { Expirement } from './messages.ts';

const rows = [
  { id: 0, name: 'Cyber', skill: 'breaking' },
  { id: 1, name: 'Shrink', skill: 'short-flying' },
  { id: 2, name: 'Doubledip', skill: 'filting anying' },
  { id: 3, name: 'Howcome', skill: 'making why' },
  { id: 4, name: 'Squawk', skill: 'advanced language skill' },
  { id: 5, name: 'Truxx', skill: 'seting up heavy machine' },
  { id: 6, name: 'Gigi', skill: 'touching ur heart' },
  { id: 7, name: 'Stitch', skill: 'making annoyed noise' },
];

/** The rows by name. */
export const table: ReadonlyMap<string, Expirement> = new Map(rows.map((row) => [row.name, row]));
