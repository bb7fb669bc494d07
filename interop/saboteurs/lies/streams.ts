/** What a peer may do wrong in calls that have several messages; the catalogue tells what each must break. */
import http2 from 'node:http2';
import { Code } from '../../model/status.ts';
import type { Lie } from '../program/behaviour.ts';
import { encodeFrame } from '../program/grpc/frame.ts';
import { Type } from '../program/http2/http2-frame.ts';
import { asIs } from '../program/http2/rewriter.ts';
import type { ClientStep, Ended, Messages, ServerStep } from '../program/lines.ts';
import { calls, reports } from './client.ts';
import { never } from './never.ts';
import { noTable } from './rewrites.ts';

type Step = ClientStep | ServerStep;

/** Does other steps, in either role. */
function acts(change: <S extends Step>(steps: readonly S[]) => readonly S[]): Lie {
  return {
    ...calls((call) => ({ ...call, steps: change(call.steps) })),
    plays: (script) => ({ ...script, steps: change(script.steps ?? []) }),
  };
}

/** Plays other steps than a script has. */
function plays(change: (steps: readonly ServerStep[]) => readonly ServerStep[]): Lie {
  return { plays: (script) => ({ ...script, steps: change(script.steps ?? []) }) };
}

/** Puts something else in the place of a message of a stream, and says nothing of it. */
function streams(change: (bytes: Buffer, index: number) => readonly Buffer[]): Lie {
  return {
    frames(frame, { index, isStream }) {
      const bytes = encodeFrame(frame);
      return isStream ? Buffer.concat(change(bytes, index)) : bytes;
    },
  };
}

function loses(lost: number): Lie {
  return streams((bytes, index) => (index === lost ? [] : [bytes]));
}

function isSend(step: Step): step is Extract<Step, { readonly send: string }> {
  return 'send' in step;
}

/** Without the last of several messages. */
function withoutLast<S extends Step>(steps: readonly S[]): readonly S[] {
  const last = steps.findLastIndex(isSend);
  return steps.filter(isSend).length < 2 ? steps : steps.filter((_, index) => index !== last);
}

/** The first two messages, each in the other's place. */
function swapFirst<S extends Step>(steps: readonly S[]): readonly S[] {
  const [first, second] = steps.filter(isSend);
  if (!first || !second) return steps;
  return steps.map((step) => (step === first ? second : step === second ? first : step) as S);
}

/** As if the whole bytes of all of them were one message. */
function joined(messages: readonly Messages[]): readonly Messages[] {
  const all = messages.flatMap(({ bytes, times = 1 }) => Array<string>(times).fill(bytes));
  const bytes = Buffer.concat(all.map((each) => Buffer.from(each, 'base64')));
  return all.length < 2 ? messages : [{ bytes: bytes.toString('base64') }];
}

const emptyMessage: Messages = { bytes: '' };

/** Of what came of a call that failed. */
function reportsFailures(change: (record: Ended) => Ended): Lie {
  return reports((record) => (record.status.code === Code.OK ? record : change(record)));
}

export const streamLies = {
  'loses-the-first-message': loses(0),
  'loses-the-thirtieth-message': loses(29),
  'repeats-the-second-message': streams((bytes, index) => (index === 1 ? [bytes, bytes] : [bytes])),
  'forgets-the-last-message': acts(withoutLast),
  'swaps-two-messages': acts(swapFirst),
  'takes-any-number-for-one': { isOne: () => true },
  'leaves-empty-messages-out': {
    frames: (frame) => (frame.bytes.length === 0 ? Buffer.alloc(0) : encodeFrame(frame)),
  },

  'records-requests-as-one': {
    records: (record, print) => print({ ...record, requests: joined(record.requests) }),
  },
  'takes-no-request-for-an-empty-one': {
    records: (record, print) =>
      print(record.requests.length > 0 ? record : { ...record, requests: [emptyMessage] }),
  },
  'takes-a-cancel-for-the-end': {
    records: ({ cancelled, ...record }, print) =>
      print(cancelled ? { ...record, status: { code: Code.OK, message: '' } } : record),
  },
  'hears-one-request': plays((steps) =>
    steps.map((step) => ('receive' in step && step.receive < 0 ? { receive: 1 } : step)),
  ),
  'hears-all-before-it-ends': plays((steps) =>
    steps.flatMap((step): readonly ServerStep[] => ('end' in step ? [{ receive: -1 }, step] : [step])),
  ),
  'speaks-when-it-is-done': plays((steps) => [
    ...steps.filter((step) => !isSend(step) && !('end' in step)),
    ...steps.filter((step) => isSend(step) || 'end' in step),
  ]),
  'breaks-off-with-ok': {
    ends: (ending, hasSentHeaders) => (hasSentHeaders ? { ...ending, code: Code.OK, message: '' } : ending),
  },

  'never-ends-responses': { ends: (ending, hasSentHeaders) => (hasSentHeaders ? never : ending) },

  'never-ends-uploads': { halfCloses() {} },
  'ends-before-it-cancels': { givesUp: (stream) => stream.close(http2.constants.NGHTTP2_CANCEL) },
  'begins-with-the-first-message': {
    ...noTable,
    rewrites() {
      const held = new Map<number, readonly Buffer[]>();
      return (frame) => {
        if (frame.type === Type.HEADERS) {
          held.set(frame.stream, asIs(frame));
          return [];
        }
        const headers = held.get(frame.stream) ?? [];
        held.delete(frame.stream);
        return [...headers, ...asIs(frame)];
      };
    },
  },
  'takes-no-response-for-an-empty-one': reports((record) =>
    record.status.code === Code.OK && record.responses.length === 0
      ? { ...record, responses: [emptyMessage] }
      : record,
  ),
  'reports-the-last-message-twice': reports((record) => ({
    ...record,
    responses: record.responses.map((each, index) =>
      index > 0 && index === record.responses.length - 1 ? { ...each, times: (each.times ?? 1) + 1 } : each,
    ),
  })),
  'reports-messages-as-one': reports((record) => ({ ...record, responses: joined(record.responses) })),
  'reports-messages-backwards': reports((record) => ({
    ...record,
    responses: record.responses.toReversed(),
  })),
  'forgets-messages-of-what-failed': reportsFailures((record) => ({ ...record, responses: [] })),
  'takes-messages-for-success': reportsFailures((record) =>
    record.responses.length > 0 ? { ...record, status: { code: Code.OK, message: '' } } : record,
  ),
  'makes-a-call-less': { counts: (times) => times - 1 },
} satisfies Record<string, Lie>;
