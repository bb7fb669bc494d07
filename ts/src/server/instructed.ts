// The plain handler, wrapped for the harness: it obeys the instructions in a
// call's metadata, and reports what the call brought and how it was answered.
import { Metadata, type ServerUnaryCall, type sendUnaryData, status } from '@grpc/grpc-js';
import type { ServedRecord } from '../lines/types.ts';
import type { Expirement, NameRequest, PickOne } from '../service/messages.ts';
import { type Instructions, MalformedInstruction, readInstructions } from './instructions.ts';
import { observe } from './observe.ts';

type Call = ServerUnaryCall<NameRequest, Expirement>;
type Answer = Parameters<sendUnaryData<Expirement>>;

/** Wraps `pickOne`; `report` is called before the answer is handed to the library. */
export function instructed(pickOne: PickOne, report: (served: ServedRecord) => void): PickOne {
  return async (call, callback) => {
    const seen = observe(call);
    const answer = await answerTo(call, pickOne);
    if (call.cancelled) {
      report({ ...seen, cancelled: true });
      return;
    }
    report({ ...seen, ...told(answer) });
    callback(...answer);
  };
}

async function answerTo(call: Call, pickOne: PickOne): Promise<Answer> {
  let trailers = new Metadata();
  try {
    const instructions = readInstructions(call.metadata);
    trailers = instructions.trailers;
    if (instructions.sendsHeadersFirst) call.sendMetadata(instructions.headers);
    if (instructions.waitMs > 0) await pause(call, instructions.waitMs);
    if (!instructions.sendsHeadersFirst) sendSetHeaders(call, instructions.headers);
    const [error, reply] = await lookUp(call, pickOne, instructions);
    return [error, reply, trailers];
  } catch (error) {
    // What is not malformed is a header that Node.js will not send.
    const code = error instanceof MalformedInstruction ? status.INVALID_ARGUMENT : status.INTERNAL;
    return [{ code, details: (error as Error).message }, null, trailers];
  }
}

/** grpc-js can only send headers, not set them: those that are set go out with the answer. */
function sendSetHeaders(call: Call, headers: Metadata): void {
  if (!call.cancelled && Object.keys(headers.getMap()).length > 0) call.sendMetadata(headers);
}

function lookUp(call: Call, pickOne: PickOne, { status }: Instructions): Promise<Answer> | Answer {
  if (status !== undefined) return [status];
  return new Promise((resolve) => {
    pickOne(call, (...answer) => resolve(answer));
  });
}

/** Waits, or until the client cancels or the deadline passes. */
function pause(call: Call, ms: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    call.once('cancelled', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}

function told([error, reply]: Answer): Pick<ServedRecord, 'code' | 'message' | 'reply'> {
  if (error !== null) return { code: error.code ?? status.UNKNOWN, message: error.details ?? '' };
  return { code: status.OK, message: '', ...(reply ? { reply } : {}) };
}
