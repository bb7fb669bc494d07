/** A client that knows nothing of the harness: it is held to what it tells, and to nothing else. */
import type { Answer, CallRecord, Untold } from '../model/call.ts';
import type { Expectation, PlannedCall } from '../model/scenario.ts';
import { Code, codeName } from '../model/status.ts';
import type { WireEvidence } from '../model/wire.ts';
import { answerThatCrossed } from '../witness/crossed.ts';
import type { Finding } from './finding.ts';
import { codesOf, differ } from './records.ts';

/** What is wanted of what it tells. `isTimed`: somebody else knows what its call took. */
export function toldOf(planned: PlannedCall, { untold = [] }: CallRecord, isTimed = false): PlannedCall {
  if (untold.length === 0) return planned;
  const { headers, trailers, elapsedMs, message, details, ...expect } = planned.expect;
  const is = (what: Untold) => !untold.includes(what);
  return {
    ...planned,
    expect: {
      ...expect,
      ...(headers && is('headers') && { headers }),
      ...(trailers && is('trailers') && { trailers }),
      ...(elapsedMs && (isTimed || is('time')) && { elapsedMs }),
      ...(message !== undefined && is('message') && { message }),
      ...(details && { details }),
    },
  };
}

/** Its record, what it does not tell taken from who does: as it crossed, as the server says it sent it, as it was to come. */
export function completed(
  client: CallRecord,
  expect: Expectation,
  wire: WireEvidence | undefined,
  served?: Answer,
): CallRecord {
  const { untold = [] } = client;
  if (untold.length === 0) return client;
  const stream = wire?.streams.at(-1);
  const crossed = stream && answerThatCrossed(stream);
  const { code, message, details, responses } = crossed ?? served ?? { message: '', ...expect };
  // It tells that the status is not OK.
  const isOther = untold.includes('status') && code !== Code.OK;
  const told = isOther ? { ...client, code, message: message ?? '' } : client;
  const { details: _, ...plain } = told;
  return {
    ...(untold.includes('details') ? { ...plain, ...(details && { details }) } : told),
    ...(untold.includes('message') && (isOther || client.code === code) && { message: message ?? '' }),
    ...(untold.includes('responses') && { responses }),
  };
}

/** How a program ended of which nobody reads what it prints: exit code 0 says that all was well. */
export function endingFindings({ expect }: PlannedCall, { ending }: CallRecord): readonly Finding[] {
  if (!ending || ending.isClean) return [];
  // A status may well be an error to a program that was not told to wait for it.
  if (!ending.knowsCase && !codesOf(expect).includes(Code.OK)) return [];
  const got = ending.printed === '' ? ending.how : `${ending.how}, and it printed: ${ending.printed}`;
  return [
    {
      ...differ('client', 'end of the program', 'exit code 0', got),
      side: 'client',
      because: `it was answered ${codeName(expect.code)}, as it was to be, and ended with ${got}`,
    },
  ];
}
