import type { Role } from '../model/peer.ts';
import type { PlannedCall } from '../model/scenario.ts';
import type { WireEvidence, WireStream } from '../model/wire.ts';
import { messageCount } from '../witness/crossed.ts';
import { faultOf, isUnreadable } from './crossing.ts';
import { endsOf } from './ends.ts';
import type { FrameOfCall } from './finding.ts';
import { cancels, ownEndMs } from './own-end.ts';

/** A call that did not end at the client within the harness's own bound. */
export interface Silence {
  readonly planned: PlannedCall;
  /** The call and the bound: `call c1.0 within 10000 ms`. */
  readonly text: string;
  readonly waitedMs: number;
  /** The client still answers an instruction. */
  readonly isClientAlive: boolean;
  /** The server says that it served it. */
  readonly isRecorded: boolean;
  readonly wire: WireEvidence | undefined;
}

/** Who is silent; `what` goes on behind `alpha server …`. */
export interface Silent {
  readonly side: Role;
  readonly what: string;
  readonly at?: FrameOfCall;
}

/** Whose silence it is. Pure. */
export function silenceOf(silence: Silence): Silent {
  const { text, planned, waitedMs, isClientAlive, isRecorded, wire } = silence;
  const client = (why: string, at?: FrameOfCall): Silent => ({
    side: 'client',
    what: `said nothing about ${text}${why}`,
    ...(at && { at }),
  });
  const server = (why: string, at?: FrameOfCall): Silent => ({
    side: 'server',
    what: `${isRecorded ? 'recorded and did not answer' : 'neither answered nor recorded'} ${text}${why}`,
    ...(at && { at }),
  });
  const ownEnd = ownEndMs(planned.spec);
  if (!isClientAlive) return client(', nor about an instruction');
  if (ownEnd < waitedMs) return client(`: it was to end it after ${ownEnd} ms`);
  if (!wire || isUnreadable(wire))
    return isRecorded
      ? client(', which the server says it served')
      : server('; the client is alive and waits');
  return wire.streams.length > 0
    ? byStream(planned, wire, client, server)
    : byTroubles(planned, wire, client, server);
}

type Say = (why: string, at?: FrameOfCall) => Silent;

function byStream(
  planned: PlannedCall,
  { streams, troubles }: WireEvidence,
  client: Say,
  server: Say,
): Silent {
  const index = streams.length - 1;
  const stream = streams[index];
  const at = (frame: number) => ({ stream: index, frame });
  const { endFrame } = stream?.response ?? {};
  if (endFrame !== undefined) return client(': the whole answer crossed', at(endFrame));
  // Whoever ended the call: a server has told the client so, and a client knows it.
  const end = stream && endsOf(stream, troubles).find(({ isNotice }) => !isNotice);
  if (end)
    return client(`: ${end.how} crossed${end.by === 'client' ? ', and it is its own' : ''}`, at(end.frame));
  const asked = stream?.request.endFrame;
  if (stream && asked === undefined && isServersTurn(planned, stream))
    return server(': it is the server that was to speak', at(stream.frames.at(-1)?.number ?? 0));
  if (stream && cancels(planned.spec) && !isServersTurn(planned, stream))
    return client(': it was to cancel it', at(stream.frames.at(-1)?.number ?? 0));
  if (asked === undefined) return client(': its request has no end, END_STREAM never crossed');
  return server(': the whole request crossed, and no end of an answer', at(asked));
}

/** By what crossed, the client waits for a response before it goes on. */
function isServersTurn({ spec }: PlannedCall, { request, response }: WireStream): boolean {
  let [sent, received] = [0, 0];
  for (const step of spec.steps) {
    if ('send' in step) sent += step.times ?? 1;
    if ('receive' in step) received = step.receive < 0 ? Infinity : received + step.receive;
    if (messageCount(request) < sent) return false;
    if (messageCount(response) < received) return true;
  }
  return false;
}

function byTroubles(planned: PlannedCall, { troubles }: WireEvidence, client: Say, server: Say): Silent {
  for (const trouble of troubles) {
    const fault = faultOf(trouble, planned);
    if (fault) return (fault.side === 'client' ? client : server)(`: ${fault.because}`);
  }
  const isRefused = troubles.some(({ kind }) => kind === 'refused');
  if (isRefused) return server(': the client waits until it is ready, and nobody listens at its address');
  return client(': the call never crossed the wire');
}
