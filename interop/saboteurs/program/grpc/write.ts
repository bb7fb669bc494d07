import { once } from 'node:events';
import type { Http2Stream } from 'node:http2';

/** Resolves when the library takes more; to false when it took nothing, the call being over. */
export async function write(stream: Http2Stream, bytes: Buffer, over: AbortSignal): Promise<boolean> {
  if (over.aborted || stream.closed || stream.destroyed || stream.writableEnded) return false;
  if (!stream.write(bytes)) await once(stream, 'drain', { signal: over }).catch(() => {});
  return true;
}
