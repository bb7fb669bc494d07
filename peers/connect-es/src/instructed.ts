// The plain handler, wrapped for the harness: it obeys the instructions in a
// call's metadata, and reports what the call brought and how it was answered.
import { setTimeout as delay } from 'node:timers/promises';
import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { durationFromMs } from '@bufbuild/protobuf/wkt';
import {
  Code,
  ConnectError,
  decodeBinaryHeader,
  type HandlerContext,
  type MethodImpl,
} from '@connectrpc/connect';
import { ExpirementSchema, type Manage } from './gen/expirement_pb.js';
import { type ServedRecordSchema, ServerLineSchema } from './gen/peer_pb.js';
import { toEntries, write } from './lines.ts';

type PickOne = MethodImpl<typeof Manage.method.pickOne>;

/** Wraps `pickOne`; each line is written before the library gets the answer. */
export function instructed(pickOne: PickOne): PickOne {
  return async (request, context) => {
    const seen = observe(request, context);
    try {
      await obey(context);
      const reply = create(ExpirementSchema, await pickOne(request, context));
      report({ ...seen, reply });
      return reply;
    } catch (reason) {
      const { code, rawMessage: message } = ConnectError.from(reason);
      report(context.signal.aborted ? { ...seen, cancelled: true } : { ...seen, code, message });
      throw context.signal.reason ?? reason;
    }
  };
}

function report(served: MessageInitShape<typeof ServedRecordSchema>): void {
  write(ServerLineSchema, { line: { case: 'served', value: served } });
}

/** What the call brought, as the library gives it to a handler. */
function observe(request: Parameters<PickOne>[0], { requestHeader, timeoutMs, url }: HandlerContext) {
  const remainingMs = timeoutMs();
  return {
    callId: requestHeader.get('stitch-call-id') ?? '',
    method: new URL(url).pathname,
    request,
    metadata: toEntries(requestHeader),
    ...(remainingMs !== undefined && { timeRemaining: durationFromMs(Math.round(remainingMs)) }),
  };
}

/** Does what the call's metadata tells; throws the status that it tells. */
async function obey({
  requestHeader,
  responseHeader,
  responseTrailer,
  signal,
}: HandlerContext): Promise<void> {
  const waitMs = Number(read(requestHeader, 'stitch-wait-ms', /^([0-5]?\d{1,4}|60000)$/) ?? 0);
  const code = read(requestHeader, 'stitch-status-code', /^([1-9]|1[0-6])$/);
  const message = utf8(read(requestHeader, 'stitch-status-message-bin', /^[\w+/-]*=*$/) ?? '');
  read(requestHeader, 'stitch-reply-encoding', /^gzip$/); // obeyed by the listener
  for (const [key, value] of requestHeader) {
    const [, kind, name = ''] = /^stitch-(header|trailer)-(.+)$/.exec(key) ?? [];
    if (kind !== undefined) (kind === 'header' ? responseHeader : responseTrailer).append(name, value);
  }
  if (read(requestHeader, 'stitch-send-headers', /^now$/) !== undefined) {
    throw new ConnectError(
      'stitch-send-headers: connect-es sends headers with the message',
      Code.Unimplemented,
    );
  }
  await delay(waitMs, undefined, { signal });
  if (code !== undefined) throw new ConnectError(message, Number(code));
}

/** The value of a key that takes one; of two the library makes one with a comma, which is malformed too. */
function read(header: Headers, key: string, pattern: RegExp): string | undefined {
  const value = header.get(key) ?? undefined;
  if (value !== undefined && !pattern.test(value)) {
    throw new ConnectError(
      `${key}: wanted one value like ${pattern.source}, got "${value}"`,
      Code.InvalidArgument,
    );
  }
  return value;
}

function utf8(base64: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(decodeBinaryHeader(base64));
  } catch {
    throw new ConnectError('stitch-status-message-bin: wanted UTF-8', Code.InvalidArgument);
  }
}
