/** Whether the call crossed at all; when not, whose doing that is. */
import type { CallRecord } from '../model/call.ts';
import type { PlannedCall } from '../model/scenario.ts';
import { Code } from '../model/status.ts';
import type { WireEvidence, WireTrouble } from '../model/wire.ts';
import { sayingText } from './client.ts';
import type { Finding } from './finding.ts';
import { mayEndAnywhere } from './own-end.ts';

/** Nobody can say that it did not cross: some of what was there could not be read. */
export function isUnreadable({ streams, troubles }: WireEvidence): boolean {
  return streams.length === 0 && troubles.some(({ kind }) => kind === 'opaque');
}

export function crossingFindings(
  planned: PlannedCall,
  client: CallRecord | undefined,
  { streams, troubles }: WireEvidence,
): readonly Finding[] {
  if (streams.length > 0 || mayStayAway(planned)) return [];
  const found = { witness: 'wire', what: 'times called', wanted: '1', got: '0' } as const;
  for (const trouble of troubles) {
    // Who found no connection does not say that all is well.
    if (trouble.kind === 'closed' && client?.code === Code.OK) continue;
    // Who gave up at once did not wait for a server to speak.
    if (trouble.kind === 'silent' && client && hasNotWaited(client)) continue;
    const fault = faultOf(trouble, planned);
    if (fault) return [{ ...found, ...fault }];
  }
  const because = `the client reported ${client ? sayingText(client) : 'nothing'}, and the call never crossed the wire`;
  return [{ ...found, side: 'client', because }];
}

/** A client may know by itself that nobody is there, that a message is larger than it may send, or that it is too late. */
function mayStayAway({ expect }: PlannedCall): boolean {
  if (mayEndAnywhere(expect)) return true;
  return (
    (expect.served === 'never' || expect.served === 'either') &&
    (expect.code === Code.UNAVAILABLE || expect.code === Code.RESOURCE_EXHAUSTED)
  );
}

const patienceMs = 1_000;

function hasNotWaited({ code, elapsedMs }: CallRecord): boolean {
  return code !== Code.UNAVAILABLE && elapsedMs < patienceMs;
}

/** What a trouble says about who kept the call from crossing. */
export function faultOf(
  trouble: WireTrouble,
  { spec }: PlannedCall,
): Required<Pick<Finding, 'side' | 'because'>> | undefined {
  switch (trouble.kind) {
    case 'invalid': {
      const { from, offset, wanted, got } = trouble.problem;
      return { side: from, because: `byte ${offset} from the ${from}: wanted ${wanted}, got ${got}` };
    }
    case 'refused':
      return spec.waitForReady
        ? undefined
        : { side: 'server', because: `nobody listened at the server's address: ${trouble.reason}` };
    case 'silent':
      return { side: 'server', because: 'the server took the connection and did not send a byte' };
    case 'closed':
      return trouble.by === 'server'
        ? { side: 'server', because: `the server closed the connection (${trouble.how})` }
        : undefined;
    case 'opaque':
      return undefined;
    default:
      return trouble satisfies never;
  }
}
