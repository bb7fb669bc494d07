import type { WireProblem } from '../model/wire.ts';

/** What breaks the protocol, without the place. */
export type Fault = Pick<WireProblem, 'wanted' | 'got'>;

/** What RFC 9113 and gRPC over HTTP2 say of the frames of a stream: sentences for `wanted`. */
export const rules = {
  ended:
    'nothing behind END_STREAM; RFC 9113, 5.1: "A stream that is in the "half-closed (local)" state cannot be used for sending frames other than WINDOW_UPDATE, PRIORITY, and RST_STREAM."',
  reset:
    'nothing behind RST_STREAM; RFC 9113, 5.1: "An endpoint MUST NOT send frames other than PRIORITY on a closed stream."',
  idle: 'HEADERS first; RFC 9113, 5.1: "Receiving any frame other than HEADERS or PRIORITY on a stream in this state [idle] MUST be treated as a connection error […] of type PROTOCOL_ERROR."',
  dataFirst:
    'HEADERS first; RFC 9113, 8.1: "An HTTP message (request or response) consists of: 1. one HEADERS frame […], 2. zero or more DATA frames"',
  noEndStream:
    'END_STREAM; RFC 9113, 8.1: "An endpoint that receives a HEADERS frame without the END_STREAM flag set after receiving the HEADERS frame that opens a request or after receiving a final (non-informational) status code MUST treat the corresponding request or response as malformed"',
  informationalEnd:
    'a final response; RFC 9113, 8.1: "A HEADERS frame with the END_STREAM flag set that carries an informational status code is malformed"',
  evenStream:
    'an odd stream number; RFC 9113, 5.1.1: "Streams initiated by a client MUST use odd-numbered stream identifiers"',
  oldStream:
    'a higher stream number than before; RFC 9113, 5.1.1: "The identifier of a newly established stream MUST be numerically greater than all streams that the initiating endpoint has opened or reserved."',
  noIncrement:
    'an increment; RFC 9113, 6.9: "A receiver MUST treat the receipt of a WINDOW_UPDATE frame with a flow-control window increment of 0 as a stream error […] of type PROTOCOL_ERROR"',
  windowTooLarge:
    'a window of at most 2^31-1; RFC 9113, 6.9.1: "A sender MUST NOT allow a flow-control window to exceed 2^31-1 octets."',
  push: 'no PUSH_PROMISE; gRPC over HTTP2: "Response → (Response-Headers *Length-Prefixed-Message Trailers) / Trailers-Only"',
} as const;

export function fault(rule: keyof typeof rules, got: string): Fault {
  return { wanted: rules[rule], got };
}
