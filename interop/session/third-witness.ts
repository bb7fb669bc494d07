import http2, { type ClientHttp2Session } from 'node:http2';
import type { ThirdAnswer } from '../launch/launcher.ts';
import type { Call } from '../model/call.ts';

/** No scenario lets a server wait for longer without an end of the client's own. */
const waitMs = 2_000;

/**
 * Makes the call over a connection of its own, by hand, and says whether the
 * server brings it to an end: with whatever status, or by a reset.
 */
export async function askServer(call: Call): Promise<ThirdAnswer> {
  const session = http2.connect(`http://${call.address}`);
  const { promise, resolve } = Promise.withResolvers<ThirdAnswer>();
  let isConnected = false;
  const timer = setTimeout(() => resolve(isConnected ? 'silent' : 'unreachable'), waitMs);
  session.on('connect', () => {
    isConnected = true;
  });
  session.on('error', () => resolve(isConnected ? 'ended' : 'unreachable'));
  request(session, call, () => resolve(isConnected ? 'ended' : 'unreachable'));
  const answer = await promise;
  clearTimeout(timer);
  session.destroy();
  return answer;
}

function request(session: ClientHttp2Session, call: Call, onEnd: () => void): void {
  const metadata = Map.groupBy(
    call.metadata.filter(({ key }) => key !== 'stitch-call-id'),
    ({ key }) => key,
  );
  const stream = session.request({
    ':method': 'POST',
    ':path': call.method,
    'content-type': 'application/grpc',
    te: 'trailers',
    ...Object.fromEntries(
      Array.from(metadata, ([key, entries]) => [
        key,
        entries.map((entry) => ('text' in entry ? entry.text : entry.binary)),
      ]),
    ),
  });
  stream.on('error', () => {});
  stream.on('close', onEnd);
  stream.resume();
  stream.end(frame(call.name));
}

/** The `NameRequest`, behind the five bytes that say that it is not compressed and how long it is. */
function frame(name: string): Buffer {
  const text = Buffer.from(name);
  const field = text.length === 0 ? text : Buffer.concat([Buffer.from([0x0a, ...varint(text.length)]), text]);
  const prefix = Buffer.alloc(5);
  prefix.writeUInt32BE(field.length, 1);
  return Buffer.concat([prefix, field]);
}

function varint(value: number): readonly number[] {
  return value < 128 ? [value] : [(value % 128) | 128, ...varint(Math.floor(value / 128))];
}
