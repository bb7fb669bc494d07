// The service under test, which obeys the metadata of a call, and reports every call.
import { setTimeout as delay } from 'node:timers/promises';
import { create } from '@bufbuild/protobuf';
import { durationFromMs } from '@bufbuild/protobuf/wkt';
import { Code, ConnectError, decodeBinaryHeader, type HandlerContext } from '@connectrpc/connect';
import { type Expirement, ExpirementSchema, type NameRequest } from './gen/expirement_pb.js';
import { ServedRecordSchema, ServerLineSchema } from './gen/peer_pb.js';
import { toEntries, write } from './lines.ts';

/** The rows that every server knows. */
const table = [
  { id: 0, name: 'Cyber', skill: 'breaking' },
  { id: 1, name: 'Shrink', skill: 'short-flying' },
  { id: 2, name: 'Doubledip', skill: 'filting anying' },
  { id: 3, name: 'Howcome', skill: 'making why' },
  { id: 4, name: 'Squawk', skill: 'advanced language skill' },
  { id: 5, name: 'Truxx', skill: 'seting up heavy machine' },
  { id: 6, name: 'Gigi', skill: 'touching ur heart' },
  { id: 7, name: 'Stitch', skill: 'making annoyed noise' },
];

/** Answers a call; its line is written before the library gets the answer. */
export async function pickOne(request: NameRequest, context: HandlerContext): Promise<Expirement> {
  const served = create(ServedRecordSchema, {
    callId: context.requestHeader.get('stitch-call-id') ?? '',
    method: new URL(context.url).pathname,
    request,
    metadata: toEntries(context.requestHeader),
  });
  const remainingMs = context.timeoutMs();
  if (remainingMs !== undefined) served.timeRemaining = durationFromMs(Math.round(remainingMs));
  try {
    await obey(context);
    const row = table.find(({ name }) => name === request.name);
    if (row === undefined) throw new ConnectError('expirement not found', Code.NotFound);
    served.reply = create(ExpirementSchema, row);
    return served.reply;
  } catch (reason) {
    const { code, rawMessage: message } = ConnectError.from(reason);
    Object.assign(served, context.signal.aborted ? { cancelled: true } : { code, message });
    throw context.signal.reason ?? reason;
  } finally {
    write(ServerLineSchema, { line: { case: 'served', value: served } });
  }
}

/** Does what the call's metadata tells; throws the status that it tells. */
async function obey({ requestHeader, responseHeader, responseTrailer, signal }: HandlerContext) {
  const waitMs = read(requestHeader, 'stitch-wait-ms', BigInt) ?? 0n;
  const code = read(requestHeader, 'stitch-status-code', BigInt);
  const message = read(requestHeader, 'stitch-status-message-bin', utf8);
  for (const [key, value] of requestHeader) {
    const [, kind, name = ''] = /^stitch-(header|trailer)-(.+)$/.exec(key) ?? [];
    if (kind !== undefined) (kind === 'header' ? responseHeader : responseTrailer).append(name, value);
  }
  if (requestHeader.has('stitch-send-headers')) {
    const why = 'stitch-send-headers: connect-es sends headers with the message';
    throw new ConnectError(why, Code.Unimplemented);
  }
  await delay(Number(waitMs), undefined, { signal });
  if (code !== undefined) throw new ConnectError(message ?? '', Number(code));
}

/** What `parse` makes of the value of a key, if there is one; its error is INVALID_ARGUMENT. */
function read<T>(headers: Headers, key: string, parse: (value: string) => T): T | undefined {
  const value = headers.get(key);
  try {
    return value === null ? undefined : parse(value);
  } catch (error) {
    throw new ConnectError(`${key}: ${(error as Error).message}`, Code.InvalidArgument);
  }
}

function utf8(base64: string): string {
  return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(decodeBinaryHeader(base64));
}
