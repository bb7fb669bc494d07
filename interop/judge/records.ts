/** What the two sides say of a call, held against the expectation. */
import type { CallRecord, Metadatum, ServedRecord } from '../model/call.ts';
import type { Expectation, PlannedCall, Range } from '../model/scenario.ts';
import { codeName } from '../model/status.ts';
import {
  type Answer,
  inFull,
  isWithin,
  outsideText,
  quote,
  rangeText,
  replyText,
  statusText,
  valuesText,
} from '../witness/say.ts';
import type { Finding } from './finding.ts';

type Witness = Finding['witness'];

export function differ(witness: Witness, what: string, wanted: string, got: string): Finding {
  return { witness, what, wanted, got };
}

/** What came of the call, as one of the witnesses tells it. */
export function answerFindings(witness: Witness, expect: Expectation, answer: Answer): readonly Finding[] {
  const found: Finding[] = [];
  if (answer.code !== expect.code)
    found.push(differ(witness, 'status', codeName(expect.code), statusText(answer)));
  if (expect.message !== undefined && answer.message !== expect.message)
    found.push(differ(witness, 'message', quote(expect.message), quote(answer.message)));
  if (replyText(answer.reply, inFull) !== replyText(expect.reply, inFull))
    found.push(differ(witness, 'reply', replyText(expect.reply), replyText(answer.reply)));
  return found;
}

export function clientFindings(expect: Expectation, client: CallRecord): readonly Finding[] {
  return [
    ...answerFindings('client', expect, client),
    ...metadataFindings('client', 'header', expect.headers, client.headers),
    ...metadataFindings('client', 'trailer', expect.trailers, client.trailers),
    ...rangeFindings('client', 'time to the status', expect.elapsedMs, client.elapsedMs),
  ];
}

/** How often, and with which request, the server says that it was called. */
export function arrivalFindings(
  { spec, expect }: PlannedCall,
  records: readonly ServedRecord[],
): readonly Finding[] {
  const wanted = expect.served === 'never' ? 0 : 1;
  const count =
    records.length === wanted
      ? []
      : [differ('server', 'times served', String(wanted), String(records.length))];
  const [served] = records;
  if (!served || expect.served === 'never') return count;
  const request: Finding[] = [];
  if (served.method !== spec.method) request.push(differ('server', 'method', spec.method, served.method));
  if (served.name !== spec.name)
    request.push(differ('server', 'request name', quote(spec.name), quote(served.name)));
  return [
    ...count,
    ...request,
    ...metadataFindings('server', 'request metadata', expect.metadata, served.metadata),
    ...rangeFindings('server', 'time to the deadline', expect.timeRemainingMs, served.timeRemainingMs),
  ];
}

/** How the server says that the call ended under it. */
export function endFindings(expect: Expectation, served: ServedRecord): readonly Finding[] {
  if (served.cancelled === (expect.served === 'cancelled')) return [];
  return [differ('server', 'end of the call', expect.served, served.cancelled ? 'cancelled' : 'answered')];
}

export function metadataFindings(
  witness: Witness,
  what: string,
  wanted: readonly Metadatum[] | undefined,
  got: readonly Metadatum[],
): readonly Finding[] {
  const keys = new Set(wanted?.map((entry) => entry.key));
  return [...keys].flatMap((key) => {
    if (valuesText(key, wanted ?? [], inFull) === valuesText(key, got, inFull)) return [];
    return [differ(witness, `${what} ${key}`, valuesText(key, wanted ?? []), valuesText(key, got))];
  });
}

export function rangeFindings(
  witness: Witness,
  what: string,
  wanted: Range | 'none' | undefined,
  got: number | undefined,
): readonly Finding[] {
  if (!wanted || isWithin(wanted, got)) return [];
  return [differ(witness, what, rangeText(wanted), outsideText(wanted, got))];
}
