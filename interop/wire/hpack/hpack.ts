/** Header blocks (RFC 7541, HPACK), as the side that receives them decodes them. */
import type { Header } from '../../model/wire.ts';
import { makeDynamicTable, sizeOf } from './dynamic-table.ts';
import { HpackError } from './hpack-error.ts';
import { type Cursor, readInteger, readString } from './primitives.ts';
import { staticTable } from './static-table.ts';

export { HpackError } from './hpack-error.ts';

/** Decoder of one direction's header blocks; keeps the dynamic table. */
export interface HeaderDecoder {
  /**
   * A whole block → its fields in order, names and values as Latin-1. Throws HpackError, after
   * which the table is not what the other side thinks it is: no later block can be decoded.
   */
  decode(block: Buffer): readonly Header[];
}

/**
 * The most that is decoded of one block, measured as RFC 9113, 6.5.2, measures a header list, and
 * the most that a dynamic table may be told to hold. A byte may refer to an entry of any size: without
 * a bound a small block would fill the memory.
 *
 * The other side's SETTINGS_HEADER_TABLE_SIZE is the true limit of the table. Who reads along knows
 * it, but not when it was taken note of; whoever is told more than it allowed ends the connection
 * with COMPRESSION_ERROR, and that is seen. 4 KiB is the default, and 64 KiB is what is announced.
 */
const maxBytes = 1 << 20;

/** A decoder for one direction of one connection, whose table begins empty and holds 4,096 bytes. */
export function makeHeaderDecoder(): HeaderDecoder {
  const table = makeDynamicTable();

  function entry(index: number, offset: number): Header {
    const found =
      index <= staticTable.length ? staticTable[index - 1] : table.at(index - staticTable.length - 1);
    if (found) return found;
    throw new HpackError(
      offset,
      'an index within the tables (RFC 7541, 2.3.3: "Indices strictly greater than the sum of the lengths of both tables MUST be treated as a decoding error."; 6.1: 0 is not used)',
      `${index}`,
    );
  }

  function literal(cursor: Cursor, prefixBits: number): Header {
    const offset = cursor.at;
    const index = readInteger(cursor, prefixBits);
    const name = index === 0 ? readString(cursor) : entry(index, offset).name;
    return { name, value: readString(cursor) };
  }

  /** One representation (RFC 7541, section 6), by the first bits of it. */
  function field(cursor: Cursor, first: number): Header {
    const offset = cursor.at;
    if (first >= 0x80) return entry(readInteger(cursor, 7), offset);
    // Without indexing, and never indexed: the difference matters to who encodes it again.
    if (first < 0x40) return literal(cursor, 4);
    const header = literal(cursor, 6);
    table.add(header);
    return header;
  }

  function resize(cursor: Cursor): void {
    const offset = cursor.at;
    const size = readInteger(cursor, 5);
    if (size > maxBytes) throw tooMuch(offset, 'a dynamic table', size);
    table.resize(size);
  }

  return {
    decode(block) {
      const cursor: Cursor = { block, at: 0 };
      while (isResize(block[cursor.at])) resize(cursor);
      const fields: Header[] = [];
      let size = 0;
      while (cursor.at < block.length) {
        const offset = cursor.at;
        const first = block[offset] ?? 0;
        if (isResize(first)) throw lateResize(offset);
        const header = field(cursor, first);
        size += sizeOf(header);
        if (size > maxBytes) throw tooMuch(offset, 'header fields', size);
        fields.push(header);
      }
      return fields;
    },
  };
}

/** RFC 7541, 6.3: a dynamic table size update starts with the bits 001. */
function isResize(first: number | undefined): boolean {
  return first !== undefined && (first & 0xe0) === 0x20;
}

function lateResize(offset: number): HpackError {
  return new HpackError(
    offset,
    'RFC 7541, 4.2: "This dynamic table size update MUST occur at the beginning of the first header block following the change to the dynamic table size."',
    'one behind a header field',
  );
}

function tooMuch(offset: number, what: string, size: number): HpackError {
  return new HpackError(offset, `${what} of at most ${maxBytes} bytes, more is not read along`, `${size}`);
}
