/** What HTTP/2 calls its numbers (RFC 9113, sections 6 and 7), and what a frame says beside headers and data. */
import type { Frame } from './frame.ts';

export const frameType = {
  DATA: 0,
  HEADERS: 1,
  PRIORITY: 2,
  RST_STREAM: 3,
  SETTINGS: 4,
  PUSH_PROMISE: 5,
  PING: 6,
  GOAWAY: 7,
  WINDOW_UPDATE: 8,
  CONTINUATION: 9,
} as const;

/** One bit may mean two things: which of them, the frame's type says. */
export const frameFlag = {
  ACK: 0x1,
  END_STREAM: 0x1,
  END_HEADERS: 0x4,
  PADDED: 0x8,
  PRIORITY: 0x20,
} as const;

type FlagName = keyof typeof frameFlag;

const typeNames = Object.keys(frameType);

const flagsOfType: ReadonlyMap<number, readonly FlagName[]> = new Map([
  [frameType.DATA, ['END_STREAM', 'PADDED']],
  [frameType.HEADERS, ['END_STREAM', 'END_HEADERS', 'PADDED', 'PRIORITY']],
  [frameType.SETTINGS, ['ACK']],
  [frameType.PUSH_PROMISE, ['END_HEADERS', 'PADDED']],
  [frameType.PING, ['ACK']],
  [frameType.CONTINUATION, ['END_HEADERS']],
]);

/** RFC 9113, section 7: the number is the place. */
const errorNames = [
  'NO_ERROR',
  'PROTOCOL_ERROR',
  'INTERNAL_ERROR',
  'FLOW_CONTROL_ERROR',
  'SETTINGS_TIMEOUT',
  'STREAM_CLOSED',
  'FRAME_SIZE_ERROR',
  'REFUSED_STREAM',
  'CANCEL',
  'COMPRESSION_ERROR',
  'CONNECT_ERROR',
  'ENHANCE_YOUR_CALM',
  'INADEQUATE_SECURITY',
  'HTTP_1_1_REQUIRED',
];

/** RFC 9113, 6.5.2, without SETTINGS_; the last three are of RFC 8441, RFC 9218 and gRFC G1. */
const settingNames: ReadonlyMap<number, string> = new Map([
  [1, 'HEADER_TABLE_SIZE'],
  [2, 'ENABLE_PUSH'],
  [3, 'MAX_CONCURRENT_STREAMS'],
  [4, 'INITIAL_WINDOW_SIZE'],
  [5, 'MAX_FRAME_SIZE'],
  [6, 'MAX_HEADER_LIST_SIZE'],
  [8, 'ENABLE_CONNECT_PROTOCOL'],
  [9, 'NO_RFC7540_PRIORITIES'],
  [0xfe03, 'GRPC_ALLOW_TRUE_BINARY_METADATA'],
]);

/** `HEADERS` for 1; `type 0x1f` for what RFC 9113 does not name. */
export function typeName(type: number): string {
  return typeNames[type] ?? `type 0x${type.toString(16)}`;
}

/** The flags that are set, lowest bit first: `END_STREAM`; `flag 0x40` for a bit that the type gives no meaning. */
export function flagNames(type: number, flags: number): readonly string[] {
  const known = flagsOfType.get(type) ?? [];
  return [1, 2, 4, 8, 16, 32, 64, 128]
    .filter((bit) => flags & bit)
    .map((bit) => known.find((name) => frameFlag[name] === bit) ?? `flag 0x${bit.toString(16)}`);
}

/** `CANCEL` for 8; `code 99` for what is no error code. */
export function errorName(code: number): string {
  return errorNames[code] ?? `code ${code}`;
}

/** `INITIAL_WINDOW_SIZE` for 4; `setting 0xf000` for what has no name. */
export function settingName(id: number): string {
  return settingNames.get(id) ?? `setting 0x${id.toString(16)}`;
}

/** So much of a list, or of what the other side wants to have said, goes into a log. */
const maxSettings = 32;
const maxDebugBytes = 256;

/** `a 1, b 2`; the whole of a SETTINGS payload may be a megabyte. */
function settings(payload: Buffer): string | undefined {
  const count = Math.floor(payload.length / 6);
  const shown = Array.from({ length: Math.min(count, maxSettings) }, (_, index) => {
    const at = index * 6;
    return `${settingName(payload.readUInt16BE(at))} ${payload.readUInt32BE(at + 2)}`;
  });
  if (count > maxSettings) shown.push(`and ${count - maxSettings} more`);
  return shown.length ? shown.join(', ') : undefined;
}

/** RFC 9113, 6.8: "Additional debug data is intended for diagnostic purposes only and carries no semantic value." */
function goaway(payload: Buffer): string {
  const lastStream = payload.readUInt32BE(0) & 0x7fffffff;
  const debug = payload.subarray(8, 8 + maxDebugBytes).toString();
  const said = `${errorName(payload.readUInt32BE(4))}, last stream ${lastStream}`;
  return debug ? `${said}, ${JSON.stringify(debug)}` : said;
}

/** RFC 9113, 6.3: "the values transmitted are one less than the weight". */
function priority(payload: Buffer): string {
  const dependency = payload.readUInt32BE(0);
  const exclusively = dependency >>> 31 ? ' exclusively' : '';
  return `depends on ${dependency & 0x7fffffff}${exclusively}, weight ${payload.readUInt8(4) + 1}`;
}

function promise(frame: Frame): string | undefined {
  const at = frame.flags & frameFlag.PADDED ? 1 : 0;
  if (frame.payload.length < at + 4) return undefined;
  return `promises stream ${frame.payload.readUInt32BE(at) & 0x7fffffff}`;
}

/**
 * What the frame says, on one line: `CANCEL`; `INITIAL_WINDOW_SIZE 65535, …`;
 * `increment 65535`; `NO_ERROR, last stream 5, "debug text"`; a PING's hex.
 * Undefined where header fields or data say it all, or nothing is said. The
 * frame comes from a reader, which checks that the payload is long enough.
 */
export function says(frame: Frame): string | undefined {
  const { payload } = frame;
  switch (frame.type) {
    case frameType.PRIORITY:
      return priority(payload);
    case frameType.RST_STREAM:
      return errorName(payload.readUInt32BE(0));
    case frameType.SETTINGS:
      return settings(payload);
    case frameType.PUSH_PROMISE:
      return promise(frame);
    case frameType.PING:
      return payload.toString('hex');
    case frameType.GOAWAY:
      return goaway(payload);
    case frameType.WINDOW_UPDATE:
      return `increment ${payload.readUInt32BE(0) & 0x7fffffff}`;
    default:
      return undefined;
  }
}
