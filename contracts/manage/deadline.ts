import { inTurn } from '../../interop/contract/builder.ts';
import type { Range, Scenario } from '../../interop/model/scenario.ts';
import { Code } from '../../interop/model/status.ts';
import type { Service } from './service.ts';
import { source } from './source.ts';

const minuteMs = 60_000;
const thirtyDaysMs = 30 * 24 * 60 * minuteMs;
/** Short, and long enough to be sent by a program that shares two cores with thirty others. */
const shortMs = 1_000;

/** Less what the call took until it arrived; some clients round up to about 1 %, so that the timeout fits its few digits. */
function about(timeoutMs: number): Range {
  return { min: timeoutMs - 10_000, max: timeoutMs * 1.01 };
}

/** Deadlines, as they arrive and as they pass. */
export function deadline({ scenario, call, answers, script, connects }: Service): readonly Scenario[] {
  return [
    scenario({
      name: 'deadline/arrives',
      title: 'A deadline of one minute arrives at the server.',
      source: source('http2', 'gRPC servers track the deadline of the RPC as communicated by Timeout.'),
      steps: [
        inTurn({
          spec: call('Stitch', { timeoutMs: minuteMs }),
          expect: answers('Stitch', { timeRemainingMs: about(minuteMs) }),
        }),
      ],
    }),
    scenario({
      name: 'deadline/none',
      title: 'The handler of a call without a deadline is told of none.',
      source: source('http2', 'If Timeout is omitted a server should assume an infinite timeout.'),
      steps: [inTurn({ spec: call('Stitch'), expect: answers('Stitch', { timeRemainingMs: 'none' }) })],
    }),
    scenario({
      name: 'deadline/passes',
      title:
        'A deadline that passes while the server waits is DEADLINE_EXCEEDED at the client, on time, and the server sees the end.',
      source: source('statusCodes', 'Deadline expires before server returns status: DEADLINE_EXCEEDED'),
      connection: 'own',
      waits: true,
      steps: [
        inTurn(connects, {
          spec: call('Stitch', { timeoutMs: shortMs }),
          script: script('deadline/passes', { row: 'Stitch', before: [{ waitMs: 5_000 }] }),
          expect: {
            code: Code.DEADLINE_EXCEEDED,
            responses: [],
            served: 'cancelled',
            elapsedMs: { min: shortMs - 20, max: shortMs + 2_000 },
          },
        }),
      ],
    }),
    scenario({
      name: 'deadline/thirty-days',
      title:
        'A deadline of thirty days arrives at the server, and the call is answered though the server waits a little.',
      source: source('http2', 'TimeoutValue → {positive integer as ASCII string of at most 8 digits}'),
      connection: 'own',
      waits: true,
      steps: [
        inTurn({
          spec: call('Stitch', { timeoutMs: thirtyDaysMs }),
          script: script('deadline/thirty-days', { row: 'Stitch', before: [{ waitMs: 50 }] }),
          expect: answers('Stitch', {
            timeRemainingMs: about(thirtyDaysMs),
          }),
        }),
      ],
    }),
  ];
}
