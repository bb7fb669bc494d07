/** What client and server say, held against each other. */
import type { Answer, CallRecord, ServedRecord } from '../model/call.ts';
import type { PlannedCall } from '../model/scenario.ts';
import { answerText, inFull } from '../witness/say.ts';
import type { Finding } from './finding.ts';
import { mayEndAnywhere } from './own-end.ts';
import { answerFindings, arrivalFindings, clientFindings, differ, endFindings } from './records.ts';

/** Two witnesses: only what the server says against itself proves whose fault it is. */
export function withoutWire(
  planned: PlannedCall,
  told: PlannedCall,
  client: CallRecord,
  server: readonly ServedRecord[],
): readonly Finding[] {
  const { expect } = planned;
  const arrival = arrivalFindings(planned, server);
  const [served] = server;
  const answer =
    served && expect.served === 'answered' && !served.cancelled
      ? answerFindings('server', expect, served)
      : [];
  const confessed = arrival.length > 0 ? answer : answer.map(confession);
  return [
    ...clientFindings(told.expect, client),
    ...arrival,
    ...(served && expect.served !== 'never' ? endFindings(expect, served) : []),
    ...confessed,
    ...contradictions(client, planned, server),
  ];
}

function confession(finding: Finding): Finding {
  const { what, wanted, got } = finding;
  const because = `by the server's own record it was asked for the right thing, and its ${what} was ${got} where ${wanted} was wanted`;
  return { ...finding, side: 'server', because };
}

/** A server need not tell of the details that it was told to send. */
function withoutDetails({ details: _, ...answer }: Answer): Answer {
  return answer;
}

/** Where the two sides cannot both be right. */
export function contradictions(
  client: CallRecord,
  { expect }: PlannedCall,
  [served]: readonly ServedRecord[],
): readonly Finding[] {
  if (!served || served.cancelled || expect.served === 'never' || expect.clientCodes) return [];
  // What the server still answered nobody waited for.
  if (mayEndAnywhere(expect)) return [];
  if (answerText(withoutDetails(served), inFull) === answerText(withoutDetails(client), inFull)) return [];
  return [
    differ(
      'both',
      'answer',
      `as the server says it sent it: ${answerText(served)}`,
      `as the client says it came: ${answerText(client)}`,
    ),
  ];
}
