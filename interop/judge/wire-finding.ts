/** What is found wrong with what one side sent, whichever side that is. */
import type { Role } from '../model/peer.ts';
import type { WireHalf, WireStream } from '../model/wire.ts';
import { valuesOf } from '../witness/crossed.ts';
import { quote } from '../witness/say.ts';
import type { Finding } from './finding.ts';

/** A difference on the wire; nobody is blamed yet. */
export type WireFinding = Pick<
  Finding,
  'witness' | 'what' | 'wanted' | 'got' | 'frame' | 'difference' | 'because'
>;

export function wireFinding(what: string, wanted: string, got: string, frame?: number): WireFinding {
  return { witness: 'wire', what, wanted, got, ...(frame !== undefined && { frame }) };
}

/** `"a" and "b"`, or `none`. */
export function valuesGot(values: readonly string[]): string {
  return values.length === 0 ? 'none' : values.map(quote).join(' and ');
}

/** A header that must be there once and right. */
export function headerFinding(
  { headers, headersFrame }: WireHalf,
  name: string,
  wanted: string,
  isRight: (value: string) => boolean,
): readonly WireFinding[] {
  const values = valuesOf(headers, name);
  const [value] = values;
  if (values.length === 1 && value !== undefined && isRight(value)) return [];
  return [wireFinding(name, wanted, valuesGot(values), headersFrame)];
}

/** "Content-Type → "content-type" "application/grpc" [("+proto" / "+json" / {custom})]" */
export function contentTypeFinding(half: WireHalf): readonly WireFinding[] {
  return headerFinding(half, 'content-type', '"application/grpc"', (value) =>
    /^application\/grpc($|[+;])/.test(value),
  );
}

/** What that side broke of HTTP/2. */
export function problemFindings({ problems }: WireStream, from: Role): readonly WireFinding[] {
  return problems
    .filter((problem) => problem.from === from)
    .map(({ wanted, got, frame }) => wireFinding('HTTP/2', wanted, got, frame));
}

/** The finding, with who is to blame for what it sent; `frame` shows what no frame of its own shows. */
export function sentBy(side: Role, finding: WireFinding, frame: number | undefined): Finding {
  const { what, wanted, got, difference } = finding;
  const sent = `the ${side} sent ${what} ${got} where ${wanted} was wanted`;
  const differs = difference === undefined ? sent : `${difference}: the ${side} sent ${what} ${got}`;
  const because = finding.because ?? differs;
  return {
    ...finding,
    side,
    because,
    frame: finding.frame ?? frame,
    ...(finding.frame === undefined && { isAbsence: true as const }),
  };
}
