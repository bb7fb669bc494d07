import net from 'node:net';
import type { Role } from '../model/peer.ts';
import { count } from '../report/text.ts';
import { encodeRequest } from '../saboteurs/message.ts';
import { table } from '../scenarios/table.ts';
import { decodeLine, encodeCall, encodeProbe, object } from '../session/codec.ts';
import { type Attended, attend, excerpt } from './attended.ts';
import { type Caller, dial } from './caller.ts';
import type { Check } from './check.ts';
import { lineOf, plain } from './in-flight.ts';
import { partner } from './partner.ts';
import { attendServer } from './server-program.ts';
import { within } from './until.ts';
import type { Ward } from './ward.ts';

const hint =
  "standard output carries the lines of the contract and nothing else: point every logger, the library's too, at standard error";

/** What each role may say. */
const members: Readonly<Record<Role, readonly string[]>> = {
  server: ['listening', 'served', 'closed', 'flushed', 'refused'],
  client: ['ready', 'ended'],
};

/** Gives a server every occasion to log something, and looks at all that it printed. */
export function quietServerCheck(ward: Ward, needs: readonly Check[]): Check {
  return {
    name: 'server keeps logs off standard output',
    section: ward.section,
    needs,
    hint,
    async run(signal) {
      await using server = await attendServer(ward, signal);
      {
        await using caller = await dial(server.address, ward.limits.callMs, signal);
        await askForAll(caller);
        // What a library logs of a connection that goes away in the middle of a call.
        caller.begin('/Manage/PickOne');
      }
      await speaksAnotherProtocol(server.address);
      server.say('{"flush":{}}');
      return await allSaid(ward, server, 'server', signal);
    },
  };
}

async function askForAll(caller: Caller): Promise<void> {
  for (const { name } of table) await plain(caller, name);
  await plain(caller, 'Nobody');
  await caller.begin('/Manage/NoSuchMethod').finish(encodeRequest('Stitch'));
  await caller.begin('/NoSuchService/PickOne').finish(encodeRequest('Stitch'));
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
export function quietClientCheck(ward: Ward, needs: readonly Check[]): Check {
  return {
    name: 'client keeps logs off standard output',
    section: ward.section,
    needs,
    hint,
    async run(signal) {
      await using server = await ward.launcher.serve(partner, signal);
      await using client = await attend(ward, ward.peer, 'client');
      const nowhere = `${await ward.starter.harnessHost()}:1`;
      const calls = [
        ...[...table.map(({ name }) => name), 'Nobody'].map((name) => lineOf(server.address, name, name)),
        lineOf(nowhere, 'nowhere', 'Stitch'),
      ];
      for (const call of calls) client.say(encodeCall(call));
      client.say(encodeProbe('unknown-kind'));
      const wanted = calls.length + 1;
      let ended = 0;
      await client.heard(
        'the end of every call',
        (json) => {
          if (object(json, 'ended')) ended += 1;
          return ended === wanted ? true : undefined;
        },
        ward.limits.callMs,
        signal,
      );
      return await allSaid(ward, client, 'client', signal);
    },
  };
}

/** Ends its input, and reads to the end what it says. */
async function allSaid(ward: Ward, program: Attended, role: Role, signal: AbortSignal): Promise<string> {
  program.endInput();
  await within(ward.limits.stopMs, signal, program.ended);
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
