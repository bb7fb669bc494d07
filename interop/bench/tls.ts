/** What it costs to read along with encrypted calls, more than with the same in the open: CPU of opening their records. */
import { once } from 'node:events';
import http2, { type ServerHttp2Stream } from 'node:http2';
import { createServer } from 'node:net';
import { portOf, relayTo } from '../fixtures/tls/conversation.ts';
import type { Piece } from '../fuzz/pieces.ts';
import { serverName } from '../model/tls.ts';
import { makeIdentities } from '../pki/identities.ts';
import { makeRecordReader } from '../wire/tls/records.ts';
import { makeKeyLog } from '../wire/tls/secrets.ts';
import { makeTlsSession } from '../wire/tls/session.ts';
import { median, say } from './say.ts';

const calls = 300;
/** Of messages that are small, with their prefix. */
const message = Buffer.alloc(40);

/** So many records most libraries make of a call in turn: a frame each, and some for the connection. */
const recordsOfCall = 8;

export async function tls(rounds: number): Promise<void> {
  const { passed, keys } = await recorded();
  const records = recordsIn(passed);
  // The first ones warm the code.
  const costs = Array.from({ length: rounds + 3 }, () => openMs(passed, keys) / records).slice(3);
  const figure = `${(median(costs) * recordsOfCall).toFixed(2)} ms`;
  say(
    'tls: opening records, a call',
    figure,
    '≤ 0.5 ms',
    `of CPU, for ${recordsOfCall} records; ${Math.round(median(costs) * 1_000)} µs each, median of ${rounds}`,
  );
}

interface Recorded {
  readonly passed: readonly Piece[];
  readonly keys: string;
}

/** Calls in turn on one connection. */
async function recorded(): Promise<Recorded> {
  const identities = makeIdentities();
  const { cert, key } = await identities.server({ identity: 'good' });
  const { ca } = await identities.client({});
  let keys = '';
  const server = http2.createSecureServer({ cert, key });
  server.on('stream', answer);
  server.on('keylog', (line) => {
    keys += line;
  });
  const port = await portOf(server.listen(0, '127.0.0.1'));
  const passed: Piece[] = [];
  const relay = createServer((client) => relayTo(client, port, passed));
  const address = `https://127.0.0.1:${await portOf(relay.listen(0, '127.0.0.1'))}`;
  const session = http2.connect(address, { ca, servername: serverName });
  for (let count = 0; count < calls; count++) {
    const stream = session.request({ ':method': 'POST', ':path': '/bench' }, { endStream: false });
    stream.resume();
    stream.end(message);
    await once(stream, 'close');
  }
  session.close();
  await once(session, 'close');
  server.close();
  relay.close();
  return { passed, keys };
}

function answer(stream: ServerHttp2Stream): void {
  stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }));
  stream.respond({ ':status': 200 }, { waitForTrailers: true });
  stream.end(message);
  stream.resume();
}

/** CPU of reading all of it, in milliseconds. */
function openMs(passed: readonly Piece[], keys: string): number {
  const log = makeKeyLog();
  log.add(keys);
  let bytes = 0;
  const session = makeTlsSession(1, log, {
    opened(_, content) {
      bytes += content.length;
    },
    sealed(why) {
      throw new Error(why);
    },
    broken() {},
  });
  const before = process.cpuUsage();
  for (const piece of passed) session.read(piece.from, piece.bytes, 0);
  const { user, system } = process.cpuUsage(before);
  if (bytes < 2 * calls * message.length) throw new Error(`${bytes} bytes were opened of ${calls} calls`);
  return (user + system) / 1000;
}

function recordsIn(passed: readonly Piece[]): number {
  let count = 0;
  const reader = () =>
    makeRecordReader(
      () => void count++,
      () => {},
    );
  const readers = { client: reader(), server: reader() };
  for (const { from, bytes } of passed) readers[from].read(bytes);
  return count;
}
