/** Bytes in which every field says how long it is (RFC 8446, section 3). */

/** They end before a field does, or a field says what cannot be. */
export class Malformed extends Error {
  override readonly name = 'Malformed';
}

export interface Fields {
  /** Bytes behind what was read. */
  left(): number;
  /** An unsigned number of so many bytes, 1 to 4. */
  number(bytes: number): number;
  take(bytes: number): Buffer;
  /** A vector whose length is a number of so many bytes. */
  vector(lengthBytes: number): Buffer;
}

/** Reads from the front. Everything throws Malformed when there is too little. */
export function fieldsOf(bytes: Buffer): Fields {
  let at = 0;
  function take(count: number): Buffer {
    if (count > bytes.length - at) throw new Malformed(`${count} bytes wanted, ${bytes.length - at} there`);
    at += count;
    return bytes.subarray(at - count, at);
  }
  const number = (count: number) => take(count).readUIntBE(0, count);
  return { left: () => bytes.length - at, number, take, vector: (count) => take(number(count)) };
}

/** All of a vector, item by item. */
export function itemsOf<T>(bytes: Buffer, read: (fields: Fields) => T): readonly T[] {
  const fields = fieldsOf(bytes);
  const items: T[] = [];
  while (fields.left() > 0) items.push(read(fields));
  return items;
}
