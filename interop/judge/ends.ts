/** Who ended a call first, as it passed: what the other side sends behind that is an answer to it, and no departure. */
import type { Role } from '../model/peer.ts';
import {
  isLeftOut,
  type WireEvidence,
  type WireFrame,
  type WireStream,
  type WireTrouble,
} from '../model/wire.ts';

/** Something behind which a side says no more of a call. */
export interface End {
  readonly by: Role;
  /** `END_STREAM`, `RST_STREAM CANCEL`, `GOAWAY NO_ERROR, last stream 1`, `the end of the connection (FIN)`. */
  readonly how: string;
  /**
   * Where it stands among the frames of the stream: the number of its frame; that of the end of a
   * connection is half behind the last frame that had passed.
   */
  readonly place: number;
  /** Number of the frame that shows it. */
  readonly frame: number;
  /** On the clock of the frames. */
  readonly atMs: number;
  /** It only says that the connection is going to end. */
  readonly isNotice?: true;
}

/**
 * Both sides' ends, in the order in which they passed. Only that is to be had between two programs: what passed
 * before cannot be an answer to what passed after. The END_STREAM of a request ends no call.
 */
export function endsOf(stream: WireStream, troubles: WireEvidence['troubles']): readonly End[] {
  const frameOf = (number: number) => stream.frames.find((frame) => frame.number === number);
  const at = (by: Role, how: string, number: number): End => ({
    by,
    how,
    place: number,
    frame: number,
    atMs: frameOf(number)?.atMs ?? stream.frames.at(-1)?.atMs ?? 0,
  });
  const { endFrame } = stream.response;
  return [
    ...(endFrame === undefined ? [] : [at('server', 'END_STREAM', endFrame)]),
    ...stream.resets.map(({ from, code, frame }) => at(from, `RST_STREAM ${code}`, frame)),
    ...stream.frames.filter((frame) => endsWithGoaway(frame, stream)).map((frame) => goaway(frame, stream)),
    ...troubles.flatMap((trouble) => closing(trouble, stream)),
  ].toSorted((a, b) => a.place - b.place);
}

/** The first of them; undefined: the call has not ended where it passed. */
export function firstEnd(stream: WireStream, troubles: WireEvidence['troubles']): End | undefined {
  return endsOf(stream, troubles)[0];
}

/**
 * A server that leaves without this stream has refused it; whoever says an error is about to end the connection:
 * "an endpoint MUST close the TCP connection after sending a GOAWAY frame for an error condition" (RFC 9113, 5.4.1).
 */
function endsWithGoaway({ type, from, says = '' }: WireFrame, stream: WireStream): boolean {
  if (type !== 'GOAWAY') return false;
  return !says.startsWith('NO_ERROR') || (from === 'server' && isLeftOut(says, stream));
}

function goaway({ number, from, says = '', atMs }: WireFrame, stream: WireStream): End {
  const isFinal = from === 'server' && isLeftOut(says, stream);
  const end: End = { by: from, how: `GOAWAY ${says}`, place: number, frame: number, atMs };
  return isFinal ? end : { ...end, isNotice: true };
}

const half = 0.5;

function closing(trouble: WireTrouble, { connection, frames }: WireStream): readonly End[] {
  if (trouble.kind !== 'closed' || trouble.connection !== connection) return [];
  const { by, how, atMs } = trouble;
  const before = frames.findLast((frame) => frame.atMs <= atMs)?.number ?? -1;
  const text = `the end of the connection (${how === 'end' ? 'FIN' : 'RST of TCP'})`;
  return [{ by, how: text, place: before + half, frame: Math.max(0, before), atMs }];
}
