import { Code } from '../../../model/status.ts';
import type { Incoming } from '../behaviour.ts';
import { textOf } from '../grpc/metadata.ts';
import { StatusError, statusOf } from '../grpc/status-error.ts';
import type { End, Served, Status } from '../lines.ts';
import type { Handler } from './handler.ts';
import { type Conversation, type OpenCall, openCall } from './open-call.ts';

/** Has the handler answer, and leaves a record before the status goes. */
export async function answer(
  conversation: Conversation,
  incoming: Incoming,
  leftMs: number | undefined,
  handler: Handler,
  print: (record: Served) => void,
): Promise<void> {
  const { reply, behaviour } = conversation;
  const call = openCall(conversation, leftMs);
  const { end, unusable } = await outcomeOf(handler, call);
  const isCancelled = behaviour.noticesTheEnd && call.over.aborted;
  const response = call.held();
  if (response && !isCancelled) call.gave(response);
  const status = filled(end.status);
  const record: Served = {
    callId: textOf(incoming.metadata, 'stitch-call-id'),
    method: incoming.path,
    script: handler.script,
    metadata: incoming.metadata,
    requests: call.taken.entries(),
    responses: call.given.entries(),
    ...(leftMs !== undefined && { timeRemainingMs: leftMs }),
    ...(isCancelled ? { cancelled: true } : { status }),
    ...(unusable !== undefined && { unusable }),
    ...(incoming.clientName !== undefined && { clientName: incoming.clientName }),
  };
  behaviour.records(record, print);
  const { trailers = [] } = end;
  if (isCancelled) return reply.end({ ...past, trailers });
  const ending = { ...status, trailers, ...(response && { response }) };
  const sent = await behaviour.ends(ending, reply.hasHeaders());
  if (!sent) return reply.abandon();
  if (sent.response) await call.put(sent.response);
  reply.end(sent);
}

/** To a client that is still there. */
const past: Status = { code: Code.DEADLINE_EXCEEDED, message: 'deadline passed' };

interface Outcome {
  readonly end: End;
  /** Why the protobuf runtime would not take a message. */
  readonly unusable?: string;
}

async function outcomeOf(handler: Handler, call: OpenCall): Promise<Outcome> {
  try {
    return { end: await handler.answer(call) };
  } catch (error) {
    const end = { status: statusOf(error) };
    return error instanceof StatusError ? { end } : { end, unusable: (error as Error).message };
  }
}

function filled({ code = Code.OK, message = '', details }: Partial<Status> = {}): Status {
  return { code, message, ...(details && { details }) };
}
