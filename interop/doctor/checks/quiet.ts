import net from 'node:net';
import type { Role } from '../../model/peer.ts';
import { count } from '../../report/text.ts';
import { decodeLine, encodeCall, object } from '../../session/codec.ts';
import { type Caller, dial } from '../caller.ts';
import { callOf, pickOne, plain, requestOf, table } from '../calls.ts';
import type { Check } from '../check.ts';
import { attendReady, attendServer } from '../listening.ts';
import { partner } from '../partner.ts';
import { type Attended, excerpt } from '../program.ts';
import type { Subject } from '../subject.ts';
import { within } from '../until.ts';

const hint =
  "standard output carries the lines of the contract and nothing else: point every logger, the library's too, at standard error";

/** What each role may say. */
const members: Readonly<Record<Role, readonly string[]>> = {
  server: ['ready', 'answer', 'served'],
  client: ['ready', 'answer', 'ended'],
};

/** Gives a server every occasion to log something, and looks at all that it printed. */
export function quietServerCheck(subject: Subject, needs: readonly Check[]): Check {
  return {
    name: 'server keeps logs off standard output',
    section: subject.section,
    needs,
    hint,
    async run(signal) {
      await using server = await attendServer(subject, signal);
      {
        await using caller = await dial(server.address, subject.limits.callMs, signal);
        await askForAll(caller);
        // What a library logs of a connection that goes away in the middle of a call.
        caller.begin(pickOne);
      }
      await speaksAnotherProtocol(server.address);
      server.instruct('flush', { flush: {} });
      return await allSaid(subject, server, 'server', signal);
    },
  };
}

async function askForAll(caller: Caller): Promise<void> {
  for (const { name } of table) await plain(caller, name);
  await plain(caller, 'Nobody');
  const [, service = ''] = pickOne.split('/');
  await caller.begin(`/${service}/NoSuchMethod`).finish(requestOf('Stitch'));
  await caller.begin('/NoSuchService/NoSuchMethod').finish(requestOf('Stitch'));
}

/** Until the server hangs up, or for a moment, whatever it goes on saying. */
function speaksAnotherProtocol(address: string): Promise<void> {
  const [host = '', port = ''] = address.split(':');
  return new Promise((resolve) => {
    const socket = net.connect(Number(port), host, () => socket.write('GET / HTTP/1.1\r\n\r\n'));
    const moment = setTimeout(() => socket.destroy(), 500);
    socket.on('error', () => {});
    socket.on('close', () => {
      clearTimeout(moment);
      resolve();
    });
    socket.resume();
  });
}

/** Gives a client every occasion to log something, and looks at all that it printed. */
export function quietClientCheck(subject: Subject, needs: readonly Check[]): Check {
  return {
    name: 'client keeps logs off standard output',
    section: subject.section,
    needs,
    hint,
    async run(signal) {
      await using server = await subject.launcher.serve(partner, signal);
      await using client = await attendReady(subject, 'client', signal);
      const nowhere = `${await subject.starter.harnessHost()}:1`;
      const calls = [
        ...[...table.map(({ name }) => name), 'Nobody'].map((name) => callOf(server.address, name, name)),
        callOf(nowhere, 'nowhere', 'Stitch'),
      ];
      for (const call of calls) client.say(encodeCall(call));
      client.instruct('unheard', { unheardOf: {} });
      const ended = new Set<unknown>();
      await client.heard(
        'the end of every call',
        (json) => {
          const one = object(json, 'ended');
          if (one) ended.add(one.id);
          return ended.size === calls.length ? true : undefined;
        },
        subject.limits.callMs,
        signal,
      );
      return await allSaid(subject, client, 'client', signal);
    },
  };
}

/** Ends its input, and reads to the end what it says. */
async function allSaid(
  subject: Subject,
  program: Attended,
  role: Role,
  signal: AbortSignal,
): Promise<string> {
  program.endInput();
  await within(subject.limits.stopMs, signal, program.ended, program);
  for (const line of program.lines) {
    const wrong = whatIsWrong(line, role);
    if (wrong) throw program.fault(`printed a line that ${wrong}: ${excerpt(line)}`);
  }
  return count(program.lines.length, 'line');
}

function whatIsWrong(line: string, role: Role): string | undefined {
  try {
    const json = decodeLine(line);
    return members[role].some((member) => object(json, member))
      ? undefined
      : `is none of ${members[role].map((member) => `"${member}"`).join(', ')}`;
  } catch (error) {
    return (error as Error).message;
  }
}
