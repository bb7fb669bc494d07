/** One call of a client, of any kind. */
import type { Method } from '../../../messages/types.ts';
import { Code } from '../../../model/status.ts';
import type { Behaviour } from '../behaviour.ts';
import { makeTally } from '../grpc/tally.ts';
import { startTimer } from '../grpc/timer.ts';
import type { Call, ClientStep, Ended } from '../lines.ts';
import type { Channel } from './channel.ts';
import { exchange } from './exchange.ts';
import { failure, type ReadyStep, type Result } from './outgoing.ts';

/** Makes one call over the channel and says what came of it. Never rejects. */
export async function makeCall(
  call: Call,
  method: Method,
  channel: Channel,
  behaviour: Behaviour,
): Promise<Ended> {
  const startedAt = performance.now();
  const progress = { sent: 0, responses: makeTally() };
  const told = (more: Result) => ({
    id: call.id,
    ...more,
    responses: progress.responses.entries(),
    sent: progress.sent,
    elapsedMs: performance.now() - startedAt,
  });
  let steps: readonly ReadyStep[];
  try {
    steps = await Promise.all(call.steps.map((step) => prepare(step, call, method, behaviour)));
  } catch (error) {
    return { ...told(failure(Code.INTERNAL, '')), unusable: (error as Error).message };
  }
  const given = new AbortController();
  const { promise: ended, resolve: end } = Promise.withResolvers<Result>();
  function giveUp(code: Code, message: string): void {
    end(failure(code, message));
    given.abort();
  }
  const timer =
    call.timeoutMs > 0
      ? startTimer(behaviour.endsAfter(call.timeoutMs), () =>
          // What has arrived by now, and was not looked at yet, comes first.
          setImmediate(giveUp, Code.DEADLINE_EXCEEDED, 'deadline passed'),
        )
      : undefined;
  const named = { ...call, metadata: [...call.metadata, { key: 'stitch-call-id', text: call.id }] };
  const outgoing = { call: named, method, steps, progress, signal: given.signal, giveUp };
  exchange(outgoing, channel, behaviour).then(end, (error: Error) =>
    end(failure(Code.UNAVAILABLE, error.message)),
  );
  const result = await ended;
  timer?.stop();
  return told(result);
}

async function prepare(
  step: ClientStep,
  { compression }: Call,
  { request }: Method,
  behaviour: Behaviour,
): Promise<ReadyStep> {
  if (!('send' in step)) return step;
  const message = behaviour.parses(request, Buffer.from(step.send, 'base64'), 'line');
  const bytes = Buffer.from(behaviour.serializes(request, message, 'wire'));
  const frame = compression === 'gzip' ? await behaviour.gzips(bytes) : { compressed: false, bytes };
  return { frame, times: step.times || 1 };
}
