/** Calls that were made again, and whether they may be. */
import { Code } from '../model/status.ts';
import { isRefused, type WireEvidence, type WireStream, type WireTrouble } from '../model/wire.ts';
import { answerThatCrossed, isTrailersOnly, valuesOf } from '../witness/crossed.ts';
import { firstEnd } from './ends.ts';
import type { Finding } from './finding.ts';

/**
 * A client may make a call again only when the server had not begun with it (gRFC A6, transparent retries). One
 * that knows nothing of the harness may have a retry policy as well, and says so in each call that is one.
 */
export function repeatFindings(
  { streams, troubles }: WireEvidence,
  mayHavePolicy: boolean,
): readonly Finding[] {
  const begun = streams.findIndex((stream, index) => {
    const next = streams[index + 1];
    return next && !isRefused(stream) && !(mayHavePolicy && isRetry(next, index + 1, stream, troubles));
  });
  if (begun < 0) return [];
  const again = streams[begun + 1];
  return [
    {
      witness: 'wire',
      what: 'times called',
      wanted: '1',
      got: String(streams.length),
      side: 'client',
      because: `the client made the call ${streams.length} times, though the server had not refused it`,
      stream: begun + 1,
      frame: again?.request.headersFrame,
    },
  ];
}

/** How often a handler may have begun with the call, where it was rightly made again. */
export function timesBegun({ streams }: WireEvidence): number {
  return streams.slice(0, -1).filter((stream) => !isRefused(stream)).length + 1;
}

/**
 * `grpc-previous-rpc-attempts`: "This value represents the number of preceding retry attempts. Thus, it will not be
 * present on the first RPC, will be 1 for the second RPC, and so on" (gRFC A6). Of the streams before it, `index` in
 * number, some may have been refused, which do not count. A hedge, which does not wait for the end of the one before,
 * is a second call: nobody asked for the server to do it twice.
 */
function isRetry(
  stream: WireStream,
  index: number,
  before: WireStream,
  troubles: readonly WireTrouble[],
): boolean {
  const [said = ''] = valuesOf(stream.request.headers, 'grpc-previous-rpc-attempts');
  const attempts = /^[1-9]\d*$/.test(said) ? Number(said) : 0;
  if (attempts === 0 || attempts > index) return false;
  const end = firstEnd(before, troubles);
  if (end?.by !== 'server' || end.atMs > (beganAtMs(stream) ?? Infinity)) return false;
  const answer = answerThatCrossed(before);
  // "An RPC becomes committed" when "the client receives Response-Headers".
  if (!answer) return before.response.headersFrame === undefined;
  return answer.code !== Code.OK && isTrailersOnly(before.response) && !isPushedBack(before);
}

/** "If the value for pushback is negative or unparseble, then it will be seen as the server asking the client not to retry at all." */
function isPushedBack({ response }: WireStream): boolean {
  return valuesOf(response.trailers, 'grpc-retry-pushback-ms').some((value) => !/^\d+$/.test(value));
}

function beganAtMs({ frames, request }: WireStream): number | undefined {
  return frames.find(({ number }) => number === request.headersFrame)?.atMs;
}
