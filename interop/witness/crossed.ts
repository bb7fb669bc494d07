/** What crossed the wire, in the words of the records. */
import type { Answer, Metadatum } from '../model/call.ts';
import type { Message } from '../model/message.ts';
import { Code } from '../model/status.ts';
import type { Header, WireHalf, WireMessage, WireStream } from '../model/wire.ts';
import { paddedBase64, utf8Of } from './bytes.ts';
import { differingMessage } from './difference.ts';
import { areSame, countOf, merged } from './messages.ts';
import { detailsText, inFull } from './say.ts';

/** The answer as it crossed. */
export interface Crossed extends Answer {
  /** Number of the frame that has the status. */
  readonly frame: number;
  /** Of the responses only their number is known. */
  readonly isUnread?: true;
}

/** The answer is told as it crossed, as far as that is known. The message that goes with OK means nothing. */
export function isToldAsCrossed(crossed: Crossed, told: Answer): boolean {
  if (
    crossed.code !== told.code ||
    detailsText(crossed.details, inFull) !== detailsText(told.details, inFull)
  )
    return false;
  if (crossed.code !== Code.OK && crossed.message !== told.message) return false;
  return areToldAsCrossed(crossed, told);
}

/** The same of the responses alone. */
export function areToldAsCrossed(crossed: Crossed, told: Answer): boolean {
  if (crossed.isUnread) return countOf(crossed.responses) === countOf(told.responses);
  return areSame(crossed.responses, told.responses);
}

/** The frame that shows that an answer was told otherwise: that of a response, when that is what differs. */
export function differingFrame({ response }: WireStream, crossed: Crossed, told: Answer): number {
  const isStatus = areToldAsCrossed(crossed, told);
  return (
    (isStatus ? undefined : differingMessageFrame(response, crossed.responses, told.responses)) ??
    crossed.frame
  );
}

/** The frame that ends the first message of that half that is another one in the two lists; of its first where none is, or it is not there. */
export function differingMessageFrame(
  { messages }: WireHalf,
  went: readonly Message[],
  came: readonly Message[],
): number | undefined {
  const number = differingMessage(went, came) ?? 1;
  return (messages[number - 1] ?? messages[0])?.frame;
}

/** Undefined: the server did not end the call with a status. */
export function answerThatCrossed({ response }: WireStream): Crossed | undefined {
  const status = valuesOf(response.trailers, 'grpc-status')[0];
  if (response.endFrame === undefined || status === undefined || !/^\d+$/.test(status)) return undefined;
  return {
    code: Number(status),
    message: percentDecoded(valuesOf(response.trailers, 'grpc-message')[0] ?? ''),
    ...(response.details && { details: response.details }),
    responses: messagesThatCrossed(response),
    ...(areUnread(response) && { isUnread: true }),
    frame: response.trailersFrame ?? response.endFrame,
  };
}

/** "Trailers-Only": one block is the headers and the trailers. */
export function isTrailersOnly({ headersFrame, trailersFrame }: WireHalf): boolean {
  return headersFrame === trailersFrame;
}

/** What the application sent in front of its answer and behind it. */
export function metadataThatCrossed(response: WireHalf) {
  return {
    headers: isTrailersOnly(response) ? [] : metadataOf(response.headers),
    trailers: metadataOf(response.trailers),
  };
}

/** Equal neighbours as one. What was too long to be read, or of a method that is not described, is a message without content. */
export function messagesThatCrossed({ messages, omitted = 0 }: WireHalf): readonly Message[] {
  // Of those that were not kept, the number is told.
  const more = omitted > 0 ? [{ json: '…', times: omitted }] : [];
  return merged([...messages.map(contentOf), ...more]);
}

function contentOf({ json, problem = 'was not read' }: WireMessage): Message {
  return json === undefined ? { problem } : { json };
}

/** How many there are, those that were not kept among them. */
export function messageCount({ messages, omitted = 0 }: WireHalf): number {
  return messages.length + omitted;
}

/** Nothing is known of what some of them say: they are too long or too many, or of a method that is not described. */
export function areUnread({ messages, omitted = 0 }: WireHalf): boolean {
  return omitted > 0 || messages.some(({ json, problem }) => json === undefined && problem === undefined);
}

export function valuesOf(headers: readonly Header[], name: string): readonly string[] {
  return headers.filter((header) => header.name === name).map((header) => header.value);
}

const protocols = new Set(['content-type', 'te', 'user-agent', 'date']);

/** The entries that the application sent: neither the protocol's own nor HTTP's. */
export function metadataOf(headers: readonly Header[]): readonly Metadatum[] {
  return headers.flatMap(({ name, value }): readonly Metadatum[] => {
    if (/^(:|grpc-)/.test(name) || protocols.has(name)) return [];
    if (!name.endsWith('-bin')) return [{ key: name, text: value }];
    // "if the first byte is 0, then it is a true binary value" (gRFC G1), between ends that both allow it.
    if (value.startsWith('\0')) return [{ key: name, binary: btoa(value.slice(1)) }];
    // "Implementations must split Binary-Headers on "," before decoding the Base64-encoded values."
    return value.split(',').map((each) => ({ key: name, binary: paddedBase64(each) }));
  });
}

/** "When decoding invalid values, implementations MUST NOT error or throw away the message." (PROTOCOL-HTTP2, Responses) */
export function percentDecoded(value: string): string {
  const bytes = value.replaceAll(/%([0-9A-Fa-f]{2})/g, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
  return utf8Of(bytes);
}
