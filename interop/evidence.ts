import type { Call, CallRecord, Metadatum, ServedRecord } from './model/call.ts';
import type { CallEvidence, Evidence } from './model/evidence.ts';
import type { Outcome } from './model/outcome.ts';

const keptCalls = 4;
const keptMismatches = 20;
const keptCharacters = 512;

/**
 * What the log keeps of a cell: the calls that the outcome names first, four at
 * the most, and the first 512 characters of each text. Every call was judged
 * before this on all it had.
 */
export function keepEvidence(calls: readonly CallEvidence[], outcome: Outcome): Evidence {
  const named = new Set(outcome.kind === 'failed' ? outcome.mismatches.map((mismatch) => mismatch.call) : []);
  const order = calls.length <= keptCalls ? calls : calls.toSorted((a, b) => rank(a, named) - rank(b, named));
  return {
    calls: order.slice(0, keptCalls).map(shorten),
    omitted: Math.max(0, calls.length - keptCalls),
  };
}

/** What the log keeps of an outcome: the first twenty mismatches, and how many there were more. */
export function keepOutcome(outcome: Outcome): Outcome {
  if (outcome.kind !== 'failed' || outcome.mismatches.length <= keptMismatches) return outcome;
  const mismatches = outcome.mismatches.slice(0, keptMismatches);
  return { ...outcome, mismatches, omitted: outcome.mismatches.length - keptMismatches };
}

function rank(call: CallEvidence, named: ReadonlySet<number>): number {
  return named.has(call.index) ? 0 : 1;
}

function shorten(evidence: CallEvidence): CallEvidence {
  return {
    index: evidence.index,
    call: {
      ...evidence.call,
      name: cut(evidence.call.name),
      metadata: shortenAll(evidence.call.metadata),
    } satisfies Call,
    ...(evidence.client && { client: shortenRecord(evidence.client) }),
    server: evidence.server.map((served) => ({
      ...shortenAnswer(served),
      name: cut(served.name),
      metadata: shortenAll(served.metadata),
    })),
  };
}

function shortenRecord(record: CallRecord): CallRecord {
  return {
    ...shortenAnswer(record),
    headers: shortenAll(record.headers),
    trailers: shortenAll(record.trailers),
  };
}

function shortenAnswer<T extends Pick<CallRecord | ServedRecord, 'message' | 'reply'>>(answer: T): T {
  const reply = answer.reply && {
    ...answer.reply,
    name: cut(answer.reply.name),
    skill: cut(answer.reply.skill),
  };
  return { ...answer, message: cut(answer.message), ...(reply && { reply }) };
}

/** Two dozen entries are enough to see what is going on; a scenario that sends 200 says so in its name. */
function shortenAll(entries: readonly Metadatum[]): readonly Metadatum[] {
  const kept = entries
    .slice(0, 24)
    .map((entry) =>
      'text' in entry
        ? { key: entry.key, text: cut(entry.text) }
        : { key: entry.key, binary: cut(entry.binary) },
    );
  return entries.length > kept.length
    ? [...kept, { key: '…', text: `${entries.length - kept.length} more` }]
    : kept;
}

function cut(text: string): string {
  return text.length <= keptCharacters
    ? text
    : `${text.slice(0, keptCharacters)}… (${text.length} characters)`;
}
