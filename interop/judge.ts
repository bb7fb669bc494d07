import { createHash } from 'node:crypto';
import type { CallRecord, Expirement, Metadatum, ServedRecord } from './model/call.ts';
import type { CallEvidence } from './model/evidence.ts';
import type { Mismatch, Outcome } from './model/outcome.ts';
import type { Expectation, PlannedCall, Range } from './model/scenario.ts';
import { Code, codeName } from './model/status.ts';

type Difference = Omit<Mismatch, 'call'>;

/**
 * Holds what two witnesses say of each call against the expectation and against
 * each other. Pure. `planned` and `evidence` are in the same order; a call without
 * evidence is a mismatch.
 */
export function judge(planned: readonly PlannedCall[], evidence: readonly CallEvidence[]): Outcome {
  const mismatches = planned.flatMap((plan, index) =>
    differences(plan, evidence[index]).map((difference) => ({ call: index, ...difference })),
  );
  return mismatches.length === 0 ? { kind: 'passed' } : { kind: 'failed', mismatches };
}

function differences({ spec, expect }: PlannedCall, evidence: CallEvidence | undefined): Difference[] {
  if (!evidence?.client) return [differ('client', 'record', 'one', 'none')];
  const client = evidence.client;
  if (client.unsupported)
    return [differ('client', 'call', 'made', `not made: unsupported ${client.unsupported}`)];
  const found = [...clientDifferences(expect, client), ...recordCount(expect, evidence.server)];
  const [served] = evidence.server;
  if (!served || expect.served === 'never') return found;
  found.push(...requestDifferences(spec.method, spec.name, expect, served));
  if (served.cancelled !== (expect.served === 'cancelled')) {
    found.push(
      differ('server', 'end of the call', expect.served, served.cancelled ? 'cancelled' : 'answered'),
    );
  }
  if (!served.cancelled)
    found.push(...answerDifferences('server', expect, served), ...contradictions(client, served));
  return found;
}

function clientDifferences(expect: Expectation, client: CallRecord): Difference[] {
  return [
    ...answerDifferences('client', expect, client),
    ...metadataDifferences('client', 'header', expect.headers, client.headers),
    ...metadataDifferences('client', 'trailer', expect.trailers, client.trailers),
    ...rangeDifferences('client', 'time to the status', expect.elapsedMs, client.elapsedMs),
  ];
}

function answerDifferences(witness: 'client' | 'server', expect: Expectation, answer: Answer): Difference[] {
  // A server that let the library answer (a deadline, say) is held to the code only by what the client got.
  if (witness === 'server' && expect.served !== 'answered') return [];
  const found: Difference[] = [];
  if (answer.code !== expect.code)
    found.push(differ(witness, 'status', codeName(expect.code), statusText(answer)));
  if (expect.message !== undefined && answer.message !== expect.message) {
    found.push(differ(witness, 'message', quote(expect.message), quote(answer.message)));
  }
  if (replyText(answer.reply, inFull) !== replyText(expect.reply, inFull)) {
    found.push(differ(witness, 'reply', replyText(expect.reply), replyText(answer.reply)));
  }
  return found;
}

function recordCount(expect: Expectation, served: readonly ServedRecord[]): Difference[] {
  const wanted = expect.served === 'never' ? 0 : 1;
  if (served.length === wanted) return [];
  return [differ('server', 'times served', String(wanted), String(served.length))];
}

function requestDifferences(
  method: string,
  name: string,
  expect: Expectation,
  served: ServedRecord,
): Difference[] {
  const found: Difference[] = [];
  if (served.method !== method) found.push(differ('server', 'method', method, served.method));
  if (served.name !== name) found.push(differ('server', 'request name', quote(name), quote(served.name)));
  return [
    ...found,
    ...metadataDifferences('server', 'request metadata', expect.metadata, served.metadata),
    ...rangeDifferences('server', 'time to the deadline', expect.timeRemainingMs, served.timeRemainingMs),
  ];
}

/** Where the two witnesses cannot both be right. */
function contradictions(client: CallRecord, served: ServedRecord): Difference[] {
  if (answerText(served, inFull) === answerText(client, inFull)) return [];
  return [
    differ(
      'both',
      'answer',
      `as the server says it sent it: ${answerText(served)}`,
      `as the client says it came: ${answerText(client)}`,
    ),
  ];
}

function metadataDifferences(
  witness: 'client' | 'server',
  what: string,
  wanted: readonly Metadatum[] | undefined,
  got: readonly Metadatum[],
): Difference[] {
  const keys = new Set(wanted?.map((entry) => entry.key));
  return [...keys].flatMap((key) => {
    if (valuesText(key, wanted ?? [], inFull) === valuesText(key, got, inFull)) return [];
    return [differ(witness, `${what} ${key}`, valuesText(key, wanted ?? []), valuesText(key, got))];
  });
}

/**
 * The values of a key. ASCII values are compared joined, since "Duplicate header
 * names may have their values joined with "," as the delimiter and be considered
 * semantically equivalent" (PROTOCOL-HTTP2, Requests).
 */
function valuesText(key: string, entries: readonly Metadatum[], say: Say = quote): string {
  const values = entries.filter((entry) => entry.key === key);
  if (values.length === 0) return 'none';
  const texts = values.map((entry) =>
    'text' in entry ? entry.text.replaceAll(/\s*,\s*/g, ',') : entry.binary,
  );
  const isText = values.every((entry) => 'text' in entry);
  return isText ? say(texts.join(',')) : `${values.length} × bytes ${say(texts.join(' '))}`;
}

function rangeDifferences(
  witness: 'client' | 'server',
  what: string,
  wanted: Range | undefined,
  got: number | undefined,
): Difference[] {
  if (!wanted || (got !== undefined && got >= wanted.min && got <= wanted.max)) return [];
  return [differ(witness, what, `${wanted.min} to ${wanted.max} ms`, outsideText(wanted, got))];
}

/** Rounded away from the range, or 279.6 would read as the 280 that was wanted. */
function outsideText({ min }: Range, got: number | undefined): string {
  if (got === undefined) return 'none';
  return `${got < min ? Math.floor(got) : Math.ceil(got)} ms`;
}

type Answer = Pick<CallRecord, 'code' | 'message' | 'reply'>;

function answerText(answer: Answer, say: Say = quote): string {
  const reply = replyText(answer.reply, say);
  return answer.code === Code.OK ? `OK ${reply}` : `${statusText(answer, say)}, ${reply}`;
}

function statusText({ code, message }: Answer, say: Say = quote): string {
  return message === '' ? codeName(code) : `${codeName(code)} ${say(message)}`;
}

function replyText(reply: Expirement | undefined, say: Say = quote): string {
  return reply ? `{name: ${say(reply.name)}, id: ${reply.id}, skill: ${say(reply.skill)}}` : 'no reply';
}

/** How a text is put: `inFull` to compare, `quote` to show. */
type Say = (text: string) => string;

/** The text in quotes, what cannot be printed escaped. */
function inFull(text: string): string {
  return JSON.stringify(text);
}

const quoteLimit = 400;

/** The same, but past 400 characters the rest is given as a count and a hash, so that texts that differ still look it. */
function quote(text: string): string {
  if (text.length <= quoteLimit) return inFull(text);
  const hash = createHash('sha256').update(text).digest('hex').slice(0, 8);
  return `${inFull(text.slice(0, 40))}… (${text.length} characters, sha256 ${hash})`;
}

function differ(witness: Difference['witness'], what: string, wanted: string, got: string): Difference {
  return { witness, what, wanted, got };
}
