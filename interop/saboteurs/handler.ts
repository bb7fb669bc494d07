import { constants, type ServerHttp2Stream } from 'node:http2';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Metadatum, ServedRecord } from '../model/call.ts';
import { Code } from '../model/status.ts';
import { readInstructions } from './instructions.ts';
import type { Answer, Manners, Packed, Request } from './manners.ts';
import {
  decodeFrame,
  decodeMetadata,
  decodeTimeout,
  encodeFrame,
  encodeMetadata,
  firstOf,
  makeBody,
  type RawHeaders,
  startTimer,
} from './wire.ts';

/** Serves one call, from its headers to its status. */
export async function handle(
  stream: ServerHttp2Stream,
  raw: RawHeaders,
  manners: Manners,
  print: (record: ServedRecord) => void,
): Promise<void> {
  const startedAt = performance.now();
  const method = firstOf(raw, ':path') ?? '';
  stream.on('error', () => {});
  await manners.meets(method, stream);
  if (stream.closed) return;
  const offer = manners.knows(method) ? undefined : manners.offers(method);
  if (!offer && !manners.knows(method))
    return refuse(stream, manners, Code.UNIMPLEMENTED, `unknown method ${method}`);
  const body = await readBody(stream, manners.limitBytes);
  if (stream.destroyed && !stream.readableEnded) return;
  const frame = body && decodeFrame(body);
  if (body && !frame) return refuse(stream, manners, Code.INTERNAL, 'the request is not whole');
  if (!frame) return refuse(stream, manners, Code.RESOURCE_EXHAUSTED, 'the request is too large');
  try {
    const bytes = frame.compressed ? await unpack(frame.bytes, raw, manners) : frame.bytes;
    if (bytes.length > manners.limitBytes)
      return refuse(stream, manners, Code.RESOURCE_EXHAUSTED, 'the request is too large');
    if (offer) return await grant(stream, offer(bytes), manners);
    const request = await manners.sees({
      method,
      name: manners.decodesRequest(bytes),
      metadata: decodeMetadata(raw),
      timeoutMs: decodeTimeout(firstOf(raw, 'grpc-timeout')),
    });
    await serve(stream, request, startedAt, manners, print);
  } catch (error) {
    refuse(stream, manners, Code.INTERNAL, (error as Error).message);
  }
}

/** Answers what is asked beside the service; nothing is recorded of it. */
async function grant(stream: ServerHttp2Stream, reply: Buffer | undefined, manners: Manners): Promise<void> {
  if (!reply) return refuse(stream, manners, Code.UNIMPLEMENTED, 'not offered');
  sendHeaders(stream, [], manners);
  stream.write(encodeFrame({ compressed: false, bytes: reply }));
  sendStatus(stream, [], manners, { code: Code.OK, message: '' });
}

async function serve(
  stream: ServerHttp2Stream,
  request: Request,
  startedAt: number,
  manners: Manners,
  print: (record: ServedRecord) => void,
): Promise<void> {
  const { timeoutMs, ...seen } = request;
  const leftMs = timeoutMs === undefined ? undefined : timeoutMs - (performance.now() - startedAt);
  const told = readInstructions(seen.metadata);
  const witnessed = {
    callId: told.callId,
    ...seen,
    ...(leftMs !== undefined && { timeRemainingMs: leftMs }),
  };
  const headers = manners.headers(told.headers);
  const trailers = manners.trailers(told.trailers);
  if (told.sendsHeadersNow) sendHeaders(stream, headers, manners);
  const isOver = await wait(stream, told.waitMs, leftMs, manners);
  if (isOver) {
    manners.records({ ...witnessed, cancelled: true, code: 0, message: '' }, print);
    return sendStatus(stream, trailers, manners, {
      code: Code.DEADLINE_EXCEEDED,
      message: 'deadline passed',
    });
  }
  const answer = told.answer ? manners.isTold(told.answer) : manners.looksUp(request.name);
  manners.records({ ...witnessed, cancelled: false, ...answer }, print);
  const sent = await manners.sends(answer, stream.headersSent);
  if (stream.destroyed) return;
  if (!sent) return void stream.close(constants.NGHTTP2_NO_ERROR);
  await send(stream, headers, trailers, manners, sent, told.repliesWithGzip);
}

/** True when the call ended under the handler: given up by the client, or past its deadline. */
async function wait(
  stream: ServerHttp2Stream,
  waitMs: number,
  leftMs: number | undefined,
  manners: Manners,
): Promise<boolean> {
  if (waitMs === 0) return false;
  const ended = new AbortController();
  const end = () => ended.abort();
  stream.once('close', end);
  const timer = leftMs === undefined ? undefined : startTimer(Math.max(0, leftMs), end);
  const waiting = manners.noticesTheEnd ? { signal: ended.signal } : {};
  await sleep(waitMs, undefined, waiting).catch(() => {});
  timer?.stop();
  stream.off('close', end);
  return manners.noticesTheEnd && ended.signal.aborted;
}

async function send(
  stream: ServerHttp2Stream,
  headers: readonly Metadatum[],
  trailers: readonly Metadatum[],
  manners: Manners,
  answer: Answer,
  isGzip: boolean,
): Promise<void> {
  if (answer.reply) {
    const bytes = manners.encodesReply(answer.reply);
    const packed: Packed = isGzip ? await manners.gzips(bytes) : { compressed: false, bytes };
    if (!stream.headersSent) sendHeaders(stream, headers, manners, packed.encoding);
    stream.write(manners.frames(packed));
  } else if (!stream.headersSent && headers.length > 0) sendHeaders(stream, headers, manners);
  sendStatus(stream, trailers, manners, answer);
}

function sendHeaders(
  stream: ServerHttp2Stream,
  headers: readonly Metadatum[],
  manners: Manners,
  encoding?: string,
): void {
  if (stream.destroyed || stream.headersSent) return;
  const fields = {
    ...responseHeaders,
    'grpc-accept-encoding': 'identity,gzip',
    ...(encoding && { 'grpc-encoding': encoding }),
    ...encodeMetadata(headers),
  };
  stream.respond(manners.responds(fields, 'headers'), { waitForTrailers: true, sendDate: false } as object);
}

const responseHeaders = { ':status': 200, 'content-type': 'application/grpc' } as const;

/** "Response → (Response-Headers *Length-Prefixed-Message Trailers) / Trailers-Only" */
function sendStatus(
  stream: ServerHttp2Stream,
  trailers: readonly Metadatum[],
  manners: Manners,
  { code, message }: Answer,
): void {
  if (stream.destroyed) return;
  const status = {
    'grpc-status': String(code),
    ...(message !== '' && { 'grpc-message': manners.encodesMessage(message) }),
    ...encodeMetadata(trailers),
  };
  if (!stream.headersSent && manners.sendsTrailersOnly) {
    const fields = manners.responds({ ...responseHeaders, ...status }, 'trailers-only');
    stream.respond(fields, { endStream: true, sendDate: false } as object);
    return;
  }
  sendHeaders(stream, [], manners);
  stream.once('wantTrailers', () => stream.sendTrailers(manners.responds(status, 'trailers')));
  stream.end();
}

function refuse(stream: ServerHttp2Stream, manners: Manners, code: Code, message: string): void {
  sendStatus(stream, [], manners, { code, message });
  // What the client still sends of the request is not wanted, but must go somewhere.
  stream.resume();
}

async function unpack(bytes: Buffer, raw: RawHeaders, manners: Manners): Promise<Buffer> {
  const encoding = firstOf(raw, 'grpc-encoding');
  if (encoding !== 'gzip') throw new Error(`the request is compressed with ${encoding ?? 'nothing'}`);
  return manners.gunzips(bytes);
}

/** All bytes of the request, or undefined as soon as its message proves larger than the limit. */
function readBody(stream: ServerHttp2Stream, limitBytes: number): Promise<Buffer | undefined> {
  const body = makeBody(limitBytes);
  return new Promise((resolve) => {
    stream.on('data', (part: Buffer) => {
      body.add(part);
      if (body.isTooLarge()) resolve(undefined);
    });
    stream.on('end', () => resolve(body.bytes()));
    stream.on('close', () => resolve(undefined));
  });
}
