/** Header blocks and bodies that RFC 9113, section 8, calls malformed, whoever sent them. */
import type { Header, WireHalf } from '../model/wire.ts';
import { isTrailersOnly, valuesOf } from '../witness/crossed.ts';
import { quote } from '../witness/say.ts';
import { type WireFinding, wireFinding } from './wire-finding.ts';

export function malformed(half: WireHalf): readonly WireFinding[] {
  const { headers, headersFrame, trailers, trailersFrame } = half;
  return [
    ...fields(headers, false).map(({ what, wanted, got }) => wireFinding(what, wanted, got, headersFrame)),
    ...(isTrailersOnly(half) ? [] : fields(trailers, true)).map(({ what, wanted, got }) =>
      wireFinding(what, wanted, got, trailersFrame),
    ),
    ...contentLength(half),
  ];
}

type Wrong = Pick<WireFinding, 'what' | 'wanted' | 'got'>;

/** "An endpoint MUST NOT generate an HTTP/2 message containing connection-specific header fields." (8.2.2) */
const ofConnections = new Set([
  'connection',
  'proxy-connection',
  'keep-alive',
  'transfer-encoding',
  'upgrade',
]);

function fields(block: readonly Header[], isTrailers: boolean): readonly Wrong[] {
  const firstRegular = block.findIndex(({ name }) => !name.startsWith(':'));
  return block.flatMap(({ name }, index): readonly Wrong[] => {
    // "Field names MUST be converted to lowercase when constructing an HTTP/2 message." (8.2)
    if (/[A-Z]/.test(name)) return [wrong('field name', 'in lower case (RFC 9113, 8.2)', name)];
    if (ofConnections.has(name))
      return [wrong('field', 'none that is about the connection (RFC 9113, 8.2.2)', name)];
    if (!name.startsWith(':')) return [];
    // "Pseudo-header fields MUST NOT appear in a trailer section." (8.1)
    if (isTrailers) return [wrong('field of the trailers', 'no pseudo-header (RFC 9113, 8.1)', name)];
    // "All pseudo-header fields MUST appear in a field block before all regular field lines." (8.3)
    return firstRegular >= 0 && index > firstRegular
      ? [wrong('pseudo-header', 'before all other fields (RFC 9113, 8.3)', `${name} behind them`)]
      : [];
  });
}

function wrong(what: string, wanted: string, got: string): Wrong {
  return { what, wanted, got };
}

const prefixBytes = 5;

/** "A request or response is also malformed if the value of a Content-Length header field does not equal the sum of the DATA frame payload lengths that form the content." (8.1.1) */
function contentLength({
  headers,
  messages,
  omitted,
  restBytes,
  endFrame,
}: WireHalf): readonly WireFinding[] {
  const [value] = valuesOf(headers, 'content-length');
  if (value === undefined || endFrame === undefined || omitted !== undefined) return [];
  const bytes = messages.reduce((sum, { length }) => sum + prefixBytes + length, restBytes);
  return value === String(bytes)
    ? []
    : [wireFinding('content-length', quote(String(bytes)), quote(value), endFrame)];
}
