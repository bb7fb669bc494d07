/** What RFC 9113 wants of each frame's header: on which stream, how long. */
import type { FrameHeader } from './frame.ts';
import { frameFlag, frameType, typeName } from './names.ts';

/**
 * The longest frame that is kept whole: of all types but DATA and those that are not known. The
 * limit is the reader's own. 16 KiB is what an endpoint takes unless it announces more.
 */
export const maxWholeBytes = 1 << 20;

interface Rule {
  readonly type: number;
  readonly isKept: (header: FrameHeader) => boolean;
  /** Section and sentence of RFC 9113. */
  readonly sentence: string;
}

function rule(type: number, isKept: Rule['isKept'], sentence: string): Rule {
  return { type, isKept, sentence };
}

const {
  DATA,
  HEADERS,
  PRIORITY,
  RST_STREAM,
  SETTINGS,
  PUSH_PROMISE,
  PING,
  GOAWAY,
  WINDOW_UPDATE,
  CONTINUATION,
} = frameType;
const onStream = (header: FrameHeader) => header.stream !== 0;
const onConnection = (header: FrameHeader) => header.stream === 0;
const isAck = (header: FrameHeader) => (header.flags & frameFlag.ACK) !== 0;
const tooSmall =
  '4.2: "An endpoint MUST send an error code of FRAME_SIZE_ERROR if a frame […] is too small to contain mandatory frame data."';

/** In the order of the sections; of several that are broken, the first is told. */
const rules: readonly Rule[] = [
  rule(DATA, onStream, '6.1: "DATA frames MUST be associated with a stream."'),
  rule(HEADERS, onStream, '6.2: "HEADERS frames MUST be associated with a stream."'),
  rule(PRIORITY, onStream, '6.3: "The PRIORITY frame always identifies a stream."'),
  rule(
    PRIORITY,
    ({ length }) => length === 5,
    '6.3: "A PRIORITY frame with a length other than 5 octets MUST be treated as a stream error […] of type FRAME_SIZE_ERROR."',
  ),
  rule(RST_STREAM, onStream, '6.4: "RST_STREAM frames MUST be associated with a stream."'),
  rule(
    RST_STREAM,
    ({ length }) => length === 4,
    '6.4: "A RST_STREAM frame with a length other than 4 octets MUST be treated as a connection error […] of type FRAME_SIZE_ERROR."',
  ),
  rule(SETTINGS, onConnection, '6.5: "The stream identifier for a SETTINGS frame MUST be zero (0x00)."'),
  rule(
    SETTINGS,
    (header) => header.length === 0 || !isAck(header),
    '6.5: "Receipt of a SETTINGS frame with the ACK flag set and a length field value other than 0 MUST be treated as a connection error […] of type FRAME_SIZE_ERROR."',
  ),
  rule(
    SETTINGS,
    ({ length }) => length % 6 === 0,
    '6.5: "A SETTINGS frame with a length other than a multiple of 6 octets MUST be treated as a connection error […] of type FRAME_SIZE_ERROR."',
  ),
  rule(
    PUSH_PROMISE,
    onStream,
    '6.6: "The stream identifier of a PUSH_PROMISE frame indicates the stream it is associated with."',
  ),
  rule(PUSH_PROMISE, ({ length }) => length >= 4, tooSmall),
  rule(PING, onConnection, '6.7: "PING frames are not associated with any individual stream."'),
  rule(
    PING,
    ({ length }) => length === 8,
    '6.7: "Receipt of a PING frame with a length field value other than 8 MUST be treated as a connection error […] of type FRAME_SIZE_ERROR."',
  ),
  rule(GOAWAY, onConnection, '6.8: "The GOAWAY frame applies to the connection, not a specific stream."'),
  rule(GOAWAY, ({ length }) => length >= 8, tooSmall),
  rule(
    WINDOW_UPDATE,
    ({ length }) => length === 4,
    '6.9: "A WINDOW_UPDATE frame with a length other than 4 octets MUST be treated as a connection error […] of type FRAME_SIZE_ERROR."',
  ),
  rule(CONTINUATION, onStream, '6.10: "CONTINUATION frames MUST be associated with a stream."'),
];

const rulesOfType = Map.groupBy(rules, (each) => each.type);

/** All types that are kept whole: those that RFC 9113 names, DATA left out. */
export function isKeptWhole(type: number): boolean {
  return type !== DATA && type <= CONTINUATION;
}

/** `a PING frame of 7 bytes on stream 3`, and its flag where a rule speaks of it. */
function inWords(header: FrameHeader): string {
  const ack = header.type === SETTINGS && isAck(header) ? ' with ACK' : '';
  return `${typeName(header.type)}${ack} of ${header.length} bytes on stream ${header.stream}`;
}

/** "Values greater than 2^14 […] MUST NOT be sent unless the receiver has set a larger value for SETTINGS_MAX_FRAME_SIZE." (4.2) */
export function tooLong(
  header: FrameHeader,
  maxBytes: number,
): { readonly wanted: string; readonly got: string } | undefined {
  if (header.length <= maxBytes) return undefined;
  const wanted = `at most ${maxBytes} bytes, as the receiver allows; RFC 9113, 4.2: "An endpoint MUST send an error code of FRAME_SIZE_ERROR if a frame exceeds the size defined in SETTINGS_MAX_FRAME_SIZE"`;
  return { wanted, got: inWords(header) };
}

/** The sentence that a frame with this header breaks, and the header in words; undefined when it breaks none. */
export function brokenRule(
  header: FrameHeader,
): { readonly wanted: string; readonly got: string } | undefined {
  const broken = rulesOfType.get(header.type)?.find((each) => !each.isKept(header));
  if (broken) return { wanted: `RFC 9113, ${broken.sentence}`, got: inWords(header) };
  if (!isKeptWhole(header.type) || header.length <= maxWholeBytes) return undefined;
  return {
    wanted: `${typeName(header.type)} of at most ${maxWholeBytes} bytes, more is not read along`,
    got: inWords(header),
  };
}
