/** Calls that were made again, and whether they may be. */
import type { WireEvidence, WireStream, WireTrouble } from '../model/wire.ts';
import { answerThatCrossed, isTrailersOnly, valuesOf } from '../witness/crossed.ts';
import { firstEnd, isLeftOut } from './ends.ts';
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

/** The server had not begun with it. */
function isRefused(stream: WireStream): boolean {
  const { frames, resets, response } = stream;
  if (response.headersFrame !== undefined) return false;
  return (
    resets.some(({ from, code }) => from === 'server' && code === 'REFUSED_STREAM') ||
    frames.some(
      ({ type, from, says = '' }) => type === 'GOAWAY' && from === 'server' && isLeftOut(says, stream),
    )
  );
}

/** "retryPolicy's maxAttempts": "Values greater than 5 are treated as 5". */
const mostAttempts = 5;

/**
 * "Clients and servers… `grpc-previous-rpc-attempts`": so many attempts went before. "An RPC becomes committed when
 * the client receives Response-Headers", or an answer that is no failure; and one that has not ended is not made
 * again beside itself.
 */
function isRetry(
  stream: WireStream,
  index: number,
  before: WireStream,
  troubles: readonly WireTrouble[],
): boolean {
  const [said = ''] = valuesOf(stream.request.headers, 'grpc-previous-rpc-attempts');
  const attempts = /^[1-9]\d*$/.test(said) ? Number(said) : 0;
  if (attempts === 0 || attempts > index || attempts >= mostAttempts) return false;
  const end = firstEnd(before, troubles);
  if (end?.by !== 'server' || end.atMs > (beganAtMs(stream) ?? Infinity)) return false;
  const answer = answerThatCrossed(before);
  return answer
    ? answer.code !== 0 && isTrailersOnly(before.response)
    : before.response.headersFrame === undefined;
}

function beganAtMs({ frames, request }: WireStream): number | undefined {
  return frames.find(({ number }) => number === request.headersFrame)?.atMs;
}
