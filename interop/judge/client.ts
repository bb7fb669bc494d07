/** What the client says it got, held against what crossed: is the difference its own, or was it told so? */
import type { CallRecord, CallSpec } from '../model/call.ts';
import type { Role } from '../model/peer.ts';
import type { Expectation, PlannedCall } from '../model/scenario.ts';
import { Code, codeName } from '../model/status.ts';
import type { WireEvidence, WireStream, WireTrouble } from '../model/wire.ts';
import {
  answerThatCrossed,
  areToldAsCrossed,
  areUnread,
  type Crossed,
  differingFrame,
  isToldAsCrossed,
  messagesThatCrossed,
  metadataThatCrossed,
} from '../witness/crossed.ts';
import { differenceOf } from '../witness/difference.ts';
import { matched } from '../witness/match.ts';
import { areSame, isBeginningOf } from '../witness/messages.ts';
import { answerText, detailsText, inFull, isWithin, valuesText } from '../witness/say.ts';
import { anyAnswerFindings } from './any-answer.ts';
import { type End, firstEnd } from './ends.ts';
import type { Finding } from './finding.ts';
import { cancels, isAtDeadline, isCancelOverdue } from './own-end.ts';
import { clientFindings, differ } from './records.ts';

/** Differences from the expectation, each with whose it is; then one from the wire. */
export function reportFindings(
  { spec, expect }: PlannedCall,
  client: CallRecord,
  wire: WireEvidence,
): readonly Finding[] {
  const stream = wire.streams.at(-1);
  const crossed = stream && answerThatCrossed(stream);
  const frame = stream && proofOf(stream, crossed, client);
  const end = stream && firstEnd(stream, wire.troubles);
  const shown = `the wire shows ${crossed ? answerText(crossed) : otherwise(stream, end)}`;
  const found = clientFindings(expect, client).map((finding): Finding => {
    if (stream && finding.what === 'response' && isSentSo(spec, expect, client, stream, end)) {
      const because = `the client was sent so: response ${finding.got}, and then ${otherwise(stream, end)}`;
      return { ...finding, side: 'server', because, frame: stream.response.messages[0]?.frame ?? frame };
    }
    const side = sideOf(finding, { spec, expect }, client, stream, crossed, wire);
    const said = saidText(finding, client, crossed);
    const because = side === 'client' ? `${said}, and ${shown}` : `the client was told so: ${shown}`;
    return { ...finding, side, because, frame };
  });
  if (stream && expect.anyAnswer) return [...found, ...anyAnswerFindings({ spec, expect }, client, stream)];
  if (!crossed || cancels(spec) || spec.timeoutMs !== undefined || expect.clientCodes) return found;
  if (isToldAsCrossed(crossed, client)) return found;
  const wanted = `as it crossed: ${answerText(crossed)}`;
  const got = `as the client says it came: ${answerText(client)}`;
  return [
    ...found,
    { ...differ('client', 'answer', wanted, got), side: 'client', because: `${wanted}; ${got}`, frame },
  ];
}

/** Of a call that has no status: the client tells the responses that crossed, and they are not those that were to cross. */
function isSentSo(
  spec: CallSpec,
  expect: Expectation,
  client: CallRecord,
  stream: WireStream,
  end: End | undefined,
): boolean {
  if (answerThatCrossed(stream) || areUnread(stream.response)) return false;
  const crossed = messagesThatCrossed(stream.response);
  // Who cancels before all came that it was to wait for cancels too early.
  const isEarly =
    cancels(spec) && isBeginningOf(matched(expect.responses, crossed, expect.match), expect.responses);
  return areSame(crossed, client.responses) && !isEarly && isAtItsEnd(spec, stream, end);
}

/** The client ended the call when it was to, if it did. */
function isAtItsEnd(spec: CallSpec, stream: WireStream, end: End | undefined): boolean {
  return end?.by !== 'client' || cancels(spec) || isAtDeadline(spec, stream, end.atMs);
}

/** Of messages, what became of them behind the wire. */
function saidText({ what, got }: Finding, client: CallRecord, crossed: Crossed | undefined): string {
  const isRead = what === 'response' && crossed && !crossed.isUnread;
  const difference = isRead ? differenceOf(crossed.responses, client.responses) : undefined;
  return difference === undefined
    ? `the client says ${what} ${got}`
    : `${difference}: the client says response ${got}`;
}

/** Whose a difference in the client's words is: the server's, when they repeat what it sent. */
function sideOf(
  { what }: Finding,
  { spec, expect }: PlannedCall,
  client: CallRecord,
  stream: WireStream | undefined,
  crossed: Crossed | undefined,
  { troubles }: WireEvidence,
): Role {
  // It took for an answer what is none, or would not take what it was to send.
  if (what === 'request' || (expect.clientCodes && what === 'status')) return 'client';
  if (what === 'time to the status')
    return isAnsweredThen(expect, client, stream, crossed) ? 'server' : 'client';
  const end = stream && firstEnd(stream, troubles);
  // What it says then is how the call ended, and not how it was to end it.
  if (end && cancels(spec) && isCancelOverdue(spec, stream, end.atMs)) return 'client';
  if (stream && crossed) return isRepeated(what, client, crossed, stream) ? 'server' : 'client';
  // Which words it finds for an end that is no answer is its own affair; that all is well is none of them.
  // A connection that is refused ends like that, and which status that is is the client's to know.
  if (expect.refusedBy) return 'client';
  if (end?.by === 'server') return client.code === Code.OK ? 'client' : 'server';
  const isRefused = !stream && troubles.some((trouble) => isEndByServer(trouble));
  return isRefused && client.code === Code.UNAVAILABLE ? 'server' : 'client';
}

function isEndByServer(trouble: WireTrouble): boolean {
  return trouble.kind === 'refused' || (trouble.kind === 'closed' && trouble.by === 'server');
}

function isRepeated(what: string, client: CallRecord, crossed: Crossed, { response }: WireStream): boolean {
  if (what === 'status') return client.code === crossed.code;
  if (what === 'message') return client.message === crossed.message;
  if (what === 'response') return areToldAsCrossed(crossed, client);
  if (what === 'details') return detailsText(client.details, inFull) === detailsText(crossed.details, inFull);
  const [kind, key = ''] = what.split(' ');
  const { headers, trailers } = metadataThatCrossed(response);
  const [said, sent] = kind === 'header' ? [client.headers, headers] : [client.trailers, trailers];
  return valuesText(key, said, inFull) === valuesText(key, sent, inFull);
}

/** The answer, and no timer of its own, ended the call; and it came when it should not. */
function isAnsweredThen(
  { elapsedMs }: Expectation,
  client: CallRecord,
  stream: WireStream | undefined,
  crossed: Crossed | undefined,
): boolean {
  if (!elapsedMs || !stream || !crossed || client.code !== crossed.code) return false;
  const first = stream.frames.find((frame) => frame.stream === stream.stream);
  const last = stream.frames.find(({ number }) => number === crossed.frame);
  return first !== undefined && last !== undefined && !isWithin(elapsedMs, last.atMs - first.atMs);
}

function otherwise(stream: WireStream | undefined, end: End | undefined): string {
  if (!stream) return 'no call';
  return end ? `${end.how} from the ${end.by}` : 'no status';
}

function proofOf(stream: WireStream, crossed: Crossed | undefined, client: CallRecord): number {
  if (crossed) return differingFrame(stream, crossed, client);
  return stream.resets[0]?.frame ?? stream.frames.at(-1)?.number ?? 0;
}

/** What a client that made no call at all says of it. */
export function sayingText({ code, responses }: CallRecord): string {
  return responses.length > 0 ? `${codeName(code)} and a response` : codeName(code);
}
