/** What crossed the wire, in the words of the records. */
import type { Expirement, Metadatum } from '../model/call.ts';
import { Code } from '../model/status.ts';
import type { Header, WireHalf, WireMessage, WireReset, WireStream } from '../model/wire.ts';
import { paddedBase64, utf8Of } from './bytes.ts';
import { type Answer, inFull, replyText } from './say.ts';

/** The answer as it crossed. */
export interface Crossed extends Answer {
  /** Number of the frame that has the status. */
  readonly frame: number;
  readonly replyFrame?: number;
}

/** The frame that shows that an answer was told otherwise: the reply's, when that is what differs. */
export function differingFrame(crossed: Crossed, told: Answer): number {
  const isReply = replyText(crossed.reply, inFull) !== replyText(told.reply, inFull);
  return (isReply ? crossed.replyFrame : undefined) ?? crossed.frame;
}

/** Undefined: the server did not end the call with a status. */
export function answerThatCrossed({ response }: WireStream): Crossed | undefined {
  const status = valuesOf(response.trailers, 'grpc-status')[0];
  if (response.endFrame === undefined || status === undefined || !/^\d+$/.test(status)) return undefined;
  const [message] = response.messages;
  const reply = replyOf(message);
  return {
    code: Number(status),
    message: percentDecoded(valuesOf(response.trailers, 'grpc-message')[0] ?? ''),
    ...(reply && { reply }),
    ...(message && { replyFrame: message.frame }),
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

export function replyOf(message: WireMessage | undefined): Expirement | undefined {
  const fields = message?.fields;
  if (!fields) return undefined;
  return { name: String(fields.name ?? ''), id: Number(fields.id ?? 0), skill: String(fields.skill ?? '') };
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

/** "The following mapping from RST_STREAM error codes to gRPC error codes is applied." (PROTOCOL-HTTP2, Errors) */
const codesOfResets: Readonly<Record<string, Code>> = {
  NO_ERROR: Code.INTERNAL,
  PROTOCOL_ERROR: Code.INTERNAL,
  INTERNAL_ERROR: Code.INTERNAL,
  FLOW_CONTROL_ERROR: Code.INTERNAL,
  SETTINGS_TIMEOUT: Code.INTERNAL,
  FRAME_SIZE_ERROR: Code.INTERNAL,
  REFUSED_STREAM: Code.UNAVAILABLE,
  CANCEL: Code.CANCELLED,
  COMPRESSION_ERROR: Code.INTERNAL,
  CONNECT_ERROR: Code.INTERNAL,
  ENHANCE_YOUR_CALM: Code.RESOURCE_EXHAUSTED,
  INADEQUATE_SECURITY: Code.PERMISSION_DENIED,
};

/** The code that a client makes of a server's reset. */
export function codeOfReset({ code }: WireReset): Code | undefined {
  return codesOfResets[code];
}
