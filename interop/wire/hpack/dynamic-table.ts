/** The dynamic table of RFC 7541, section 4: what was said before on this connection, newest first. */
import type { Header } from '../../model/wire.ts';

export interface DynamicTable {
  /** The entry of that place, 0 the newest; undefined when there is none. */
  at(place: number): Header | undefined;
  add(header: Header): void;
  /** RFC 7541, 4.3: evicts what does not fit any more. */
  resize(maxSize: number): void;
}

/** RFC 7541, 4.1: "The size of an entry is the sum of its name's length in octets […], its value's length in octets, and 32." */
export function sizeOf({ name, value }: Header): number {
  return name.length + value.length + 32;
}

/** RFC 9113, 6.5.2: "The initial value is 4,096 octets." */
const initialSize = 4096;

/** Evicted entries stay in the array until there are so many of them that moving the others pays. */
const lazyEntries = 64;

export function makeDynamicTable(): DynamicTable {
  /** Oldest first, `evicted` of them gone. */
  let entries: Header[] = [];
  let evicted = 0;
  let size = 0;
  let maxSize = initialSize;

  function evictTo(limit: number): void {
    for (let oldest = entries[evicted]; size > limit && oldest; oldest = entries[evicted]) {
      size -= sizeOf(oldest);
      evicted++;
    }
    if (evicted < lazyEntries || evicted < entries.length / 2) return;
    entries = entries.slice(evicted);
    evicted = 0;
  }

  return {
    at(place) {
      const index = entries.length - 1 - place;
      return index < evicted ? undefined : entries[index];
    },
    // RFC 7541, 4.4: "an attempt to add an entry larger than the maximum size causes the table to be
    // emptied of all existing entries and results in an empty table."
    add(header) {
      const added = sizeOf(header);
      evictTo(maxSize - added);
      if (added > maxSize) return;
      entries.push(header);
      size += added;
    },
    resize(to) {
      maxSize = to;
      evictTo(to);
    },
  };
}
