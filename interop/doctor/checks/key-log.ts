/** Keys that a peer claims to tell: they must open the connection. */
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { keysOf } from '../../launch/programs.ts';
import { Code, codeName } from '../../model/status.ts';
import { count } from '../../report/text.ts';
import { openRelay, type Relay } from '../../wire/relay.ts';
import { readKeyLogs } from '../../wire/tls/key-logs.ts';
import { makeTlsSession, type TlsSession } from '../../wire/tls/session.ts';
import { answerText } from '../caller.ts';
import { plain } from '../calls.ts';
import type { Check } from '../check.ts';
import { codeOfCall, dialTls, listen } from '../encrypted.ts';
import { attendReady } from '../listening.ts';
import { goodServer, openOddServer } from '../odd-servers.ts';
import { unreachable } from '../partner.ts';
import type { Attended } from '../program.ts';
import type { Subject } from '../subject.ts';

/** How often it is looked whether keys are there. */
const lookMs = 20;

const hint =
  '"keyLog" of the manifest names the variables that have the program write a line for each secret of each connection to {file} (RFC 9850), with nothing held back in a buffer; leave it out where the library has no such thing: nobody demands it';

export function serverKeyLogCheck(subject: Subject, needs: readonly Check[]): Check {
  return {
    name: 'server tells the keys of its connections',
    section: subject.section,
    needs,
    hint,
    async run(signal) {
      const { env, told } = await keysOf(subject.starter, subject.peer);
      await using server = await attendReady(subject, 'server', signal, env);
      const port = await listen(subject, server, signal);
      const read = await readAlong('127.0.0.1', server.addressOf(port), told.keyLog);
      using _ = closing(read.relay);
      await using caller = await dialTls(subject, server, read.relay.address, 'over TLS', signal);
      const answer = await plain(caller, 'Stitch');
      if (answer.code !== Code.OK) throw server.fault(`answered a call over TLS with ${answerText(answer)}`);
      return await opened(subject, server, read, signal);
    },
  };
}

export function clientKeyLogCheck(subject: Subject, needs: readonly Check[]): Check {
  return {
    name: 'client tells the keys of its connections',
    section: subject.section,
    needs,
    hint,
    async run(signal) {
      const { env, told } = await keysOf(subject.starter, subject.peer);
      await using server = await openOddServer(subject, goodServer);
      const host = await subject.starter.harnessHost().catch(unreachable);
      const read = await readAlong(host, server.address, told.keyLog);
      using _ = closing(read.relay);
      await using client = await attendReady(subject, 'client', signal, env);
      const code = await codeOfCall(subject, client, read.relay.address, 'over TLS', signal);
      if (code !== Code.OK) throw client.fault(`ended a call over TLS with ${codeName(code)}`);
      return await opened(subject, client, read, signal);
    },
  };
}

interface Reading {
  readonly relay: Relay;
  readonly keyLog: string | undefined;
  /** One for each connection. */
  readonly sessions: readonly TlsSession[];
  /** Reads what has been told since. */
  look(): Promise<void>;
}

/** A relay in front of that address, and somebody who reads along with the keys of that file. */
async function readAlong(host: string, address: string, keyLog: string | undefined): Promise<Reading> {
  const keys = readKeyLogs();
  keys.add(keyLog);
  const sessions: TlsSession[] = [];
  const relay = await openRelay(host, address, () => {
    const session = makeTlsSession(sessions.length, keys, { opened() {}, sealed() {}, broken() {} });
    sessions.push(session);
    return {
      passed: (from, bytes) => session.read(from, bytes, performance.now()),
      refused() {},
      closed() {},
    };
  });
  return {
    relay,
    keyLog,
    sessions,
    async look() {
      await keys.read();
      for (const session of sessions) session.keysMayBeThere();
    },
  };
}

function closing(relay: Relay): Disposable {
  return { [Symbol.dispose]: relay.close };
}

/** How it was encrypted. Rejects with a PeerError when the keys do not come in time, or open nothing. */
async function opened(
  { limits }: Subject,
  program: Attended,
  { keyLog, sessions, look }: Reading,
  signal: AbortSignal,
): Promise<string> {
  const untilMs = performance.now() + limits.recordMs;
  for (;;) {
    await look();
    for (const { handshake, isWaiting } of sessions)
      if (!isWaiting() && handshake.clientBytes > 0 && handshake.serverBytes > 0)
        return `${handshake.version}, ${handshake.suite}`;
    if (performance.now() > untilMs) break;
    await sleep(lookMs, undefined, { signal });
  }
  for (const session of sessions) session.noMoreKeys();
  const why = sessions.find(({ handshake }) => handshake.unread !== undefined)?.handshake.unread;
  const lines = linesOf(keyLog);
  throw program.fault(
    lines === 0
      ? `claims to tell its keys, and has told none ${limits.recordMs} ms after a call`
      : `has told ${count(lines, 'line')} of keys that do not open its connection: ${why}`,
  );
}

function linesOf(file: string | undefined): number {
  return file === undefined ? 0 : readFileSync(file, 'utf8').split('\n').filter(Boolean).length;
}
