/** What must be true of all that passes for TLS, however wrong: it is read to its end, in time, and nothing is said that was not sent. */
import type { TlsSeed } from '../fixtures/tls/sessions.ts';
import type { Role } from '../model/peer.ts';
import type { WireProblem } from '../model/wire.ts';
import { makeKeyLog } from '../wire/tls/secrets.ts';
import { makeTlsSession } from '../wire/tls/session.ts';
import type { Piece } from './pieces.ts';

/** Of CPU, thousands of times what it takes. */
const maxMs = 2000;
/** Of what is said of the handshake; names and certificates may be many, and each is in the bytes. */
const maxSaidBytes = 1 << 20;

function want(isTrue: boolean, sentence: string): void {
  if (!isTrue) throw new Error(sentence);
}

interface Read {
  readonly opened: Record<Role, string>;
  readonly ends: (WireProblem | string)[];
  readonly said: string;
}

/** What is wrong is shown as far as it has come, and when something came depends on the cuts. */
function withoutCuts(key: string, value: unknown): unknown {
  return key === 'got' || key === 'atMs' ? undefined : value;
}

function read(pieces: readonly Piece[], keys: string, isLate: boolean): Read {
  const log = makeKeyLog();
  const opened = { client: '', server: '' };
  const ends: (WireProblem | string)[] = [];
  const session = makeTlsSession(1, log, {
    opened(from, content) {
      want(ends.length === 0, 'something was opened behind the end');
      opened[from] += content.toString('latin1');
    },
    sealed: (why) => ends.push(why),
    broken: (problem) => ends.push(problem),
  });
  if (!isLate) log.add(keys);
  for (const { from, bytes } of pieces) session.read(from, bytes, 0);
  log.add(keys);
  session.keysMayBeThere();
  session.noMoreKeys();
  want(!session.isWaiting(), 'something waits for keys that do not come');
  want(ends.length <= 1, `there were ${ends.length} ends`);
  const { handshake } = session;
  const isSaid = ends.length > 0 || session.isSealed();
  want((handshake.unread !== undefined) === isSaid, `"${handshake.unread}" is said of what is not read`);
  want(
    handshake.clientBytes === opened.client.length,
    `${handshake.clientBytes} bytes are said to be opened`,
  );
  want(
    handshake.serverBytes === opened.server.length,
    `${handshake.serverBytes} bytes are said to be opened`,
  );
  const unread = ends.some((end) => typeof end !== 'string') ? 'no TLS' : handshake.unread;
  const said = JSON.stringify([{ ...handshake, unread }, ends], withoutCuts);
  want(said.length <= maxSaidBytes, `${said.length} bytes are said of a handshake`);
  return { opened, ends, said };
}

/** What was sealed in it; its records are authenticated, so that nothing else can be opened. */
export function contentOf({ pieces, keys }: TlsSeed): Readonly<Record<Role, string>> {
  return read(pieces, keys, false).opened;
}

/** Reads both; throws an Error with a sentence when something is not as it must be, or when the cuts matter. */
export function checkTls(
  { pieces, keys }: Pick<TlsSeed, 'pieces' | 'keys'>,
  cut: readonly Piece[],
  content: Readonly<Record<Role, string>>,
): void {
  const start = process.cpuUsage();
  for (const isLate of [false, true]) {
    const [whole, other] = [read(pieces, keys, isLate), read(cut, keys, isLate)];
    want(whole.said === other.said, `cuts make another handshake: ${whole.said} and ${other.said}`);
    for (const role of ['client', 'server'] as const) {
      want(whole.opened[role] === other.opened[role], `cuts open something else of the ${role}`);
      want(content[role].startsWith(whole.opened[role]), `what was opened of the ${role} was never sent`);
    }
  }
  const { user, system } = process.cpuUsage(start);
  const ms = Math.round((user + system) / 1000);
  want(ms <= maxMs, `it took ${ms} ms, of at most ${maxMs}`);
}
