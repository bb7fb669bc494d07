/** The bytes of one direction of a TLS connection, cut into records (RFC 8446, section 5.1; RFC 5246, section 6.2). */

export interface TlsRecord {
  readonly type: number;
  /** Its five bytes, which are authenticated with what is sealed. */
  readonly header: Buffer;
  readonly fragment: Buffer;
  /** Bytes before it in this direction. */
  readonly offset: number;
}

export interface RecordReader {
  /** Takes bytes as they come. Never throws. After what is no record it reads no more. */
  read(bytes: Buffer): void;
}

const headerBytes = 5;
/** RFC 5246, 6.2.3: "The length MUST NOT exceed 2^14 + 2048." In 1.3 it is less. */
const maxFragmentBytes = 2 ** 14 + 2048;

/** `broken` says what is there in place of a record, in words, at most once. Memory is bounded by one record. */
export function makeRecordReader(
  record: (record: TlsRecord) => void,
  broken: (offset: number, what: string) => void,
): RecordReader {
  const parts: Buffer[] = [];
  let held = 0;
  /** So many bytes tell something new. */
  let wanted = 1;
  let offset = 0;
  let isOver = false;

  /** How long the record is that the bytes begin with; undefined: they do not tell yet. */
  function lengthOf(bytes: Buffer): number | undefined {
    if (bytes.length < headerBytes) return undefined;
    return headerBytes + bytes.readUInt16BE(3);
  }

  function whyNot(bytes: Buffer): string | undefined {
    const [type = 0, major] = bytes;
    if (type < 20 || type > 24 || (bytes.length > 1 && major !== 3))
      return bytes.subarray(0, 8).toString('hex');
    const length = lengthOf(bytes) ?? 0;
    return length > headerBytes + maxFragmentBytes
      ? `a record of ${length - headerBytes} bytes, more than TLS allows`
      : undefined;
  }

  return {
    read(bytes) {
      if (isOver) return;
      parts.push(bytes);
      held += bytes.length;
      // Put together only then: it may come byte by byte.
      if (held < wanted) return;
      const [first = bytes, ...more] = parts.splice(0);
      let rest = more.length === 0 ? first : Buffer.concat([first, ...more]);
      while (rest.length > 0) {
        const wrong = whyNot(rest);
        if (wrong) {
          isOver = true;
          broken(offset, wrong);
          return;
        }
        const length = lengthOf(rest);
        if (length === undefined || rest.length < length) break;
        // A copy: what is kept of a record must not keep all that came with it.
        const whole = Buffer.from(rest.subarray(0, length));
        const [header, fragment] = [whole.subarray(0, headerBytes), whole.subarray(headerBytes)];
        record({ type: whole[0] ?? 0, header, fragment, offset });
        offset += length;
        rest = rest.subarray(length);
      }
      if (rest.length > 0) parts.push(Buffer.from(rest));
      held = rest.length;
      wanted = lengthOf(rest) ?? held + 1;
    },
  };
}
