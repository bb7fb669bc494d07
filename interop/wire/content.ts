import { gunzipSync, inflateSync } from 'node:zlib';

/** Of one message, compressed or not: the largest of the official cases (314,159 bytes) is read. */
export const keptMessageBytes = 384 * 1024;

/** What a message's bytes are when nothing is compressed any more, or why nobody knows. */
export type Content =
  | { readonly kind: 'whole'; readonly bytes: Buffer }
  | { readonly kind: 'cut' }
  /** Compressed in a way that the harness does not know, which is no fault of whoever sent it. */
  | { readonly kind: 'foreign' }
  | { readonly kind: 'unreadable'; readonly problem: string };

/**
 * `length` is that of the prefix; fewer bytes are cut. `encoding` is the half's
 * `grpc-encoding`.
 */
export function contentOf(flag: number, length: number, bytes: Buffer, encoding?: string): Content {
  if (flag > 1)
    return unreadable(`has the Compressed-Flag ${flag}; "Compressed-Flag → 0 / 1" (gRPC over HTTP2)`);
  if (flag === 1 && encoding === undefined) {
    return unreadable(
      'has the Compressed-Flag 1 and no grpc-encoding; "If the Message-Encoding header is omitted then the Compressed-Flag must be 0" (gRPC over HTTP2)',
    );
  }
  if (flag === 1 && encoding === 'identity') {
    return unreadable(
      'has the Compressed-Flag 1 and grpc-encoding "identity"; it must fail "lacking a grpc-encoding entry different from identity" (gRPC Compression)',
    );
  }
  if (bytes.length < length) return { kind: 'cut' };
  if (flag === 0 || encoding === undefined) return { kind: 'whole', bytes };
  const undo = known.get(encoding);
  return undo ? undone(bytes, encoding, undo) : { kind: 'foreign' };
}

type Undo = (bytes: Buffer, options: { readonly maxOutputLength: number }) => Buffer;

/** "gzip" / "deflate", of which the second is the zlib format (gRPC over HTTP2, Content-Coding). */
const known: ReadonlyMap<string, Undo> = new Map([
  ['gzip', gunzipSync],
  ['deflate', inflateSync],
]);

function undone(bytes: Buffer, encoding: string, undo: Undo): Content {
  try {
    return { kind: 'whole', bytes: undo(bytes, { maxOutputLength: keptMessageBytes }) };
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ERR_BUFFER_TOO_LARGE') return { kind: 'cut' };
    return unreadable(`is not ${encoding}, as its Compressed-Flag and grpc-encoding say: ${message}`);
  }
}

function unreadable(problem: string): Content {
  return { kind: 'unreadable', problem };
}
