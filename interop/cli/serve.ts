import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { UsageError } from '../errors.ts';
import type { Launcher, RunningServer } from '../launch/launcher.ts';
import { hostAndPort } from '../model/address.ts';
import { lackText, type Peer } from '../model/peer.ts';
import { serverName } from '../model/tls.ts';
import { printable } from '../report/text.ts';
import { answerText, messagesText } from '../witness/say.ts';
import { byHand } from './by-hand.ts';
import { complain } from './complain.ts';
import type { Options } from './options.ts';
import { contractsOf, peerNamed } from './select.ts';

const defaultPort = 6000;

function checkServesTls({ name, server }: Peer): void {
  const lacks = (['listen', 'tls'] as const).find((feature) => !server?.features.includes(feature));
  if (lacks) throw new UsageError(`--tls-ca-out: the ${name} server ${lackText(lacks)}`);
}

/** One more listener, with a certificate of this process, whose authority is written to the file. Resolves to its address. */
async function listenOverTls(
  server: RunningServer,
  { identities }: Launcher,
  port: number,
  file: string,
): Promise<string> {
  const address = await server.listen(`${hostAndPort(server.address).host}:${port}`, { identity: 'local' });
  const ca = (await identities?.client({}))?.ca ?? '';
  writeFileSync(file, ca);
  complain(
    `over TLS, for localhost, ${serverName} and this machine's addresses; the authority is ${path.relative(process.cwd(), file)}`,
  );
  return address;
}

/** `serve PEER`: one server by hand, until Ctrl-C or until it ends by itself. */
export async function serveCommand(options: Options): Promise<number> {
  const peer = await peerNamed(options.words[0], options);
  if (!peer.server) throw new UsageError(`${peer.name} does not play the server`);
  const { tlsCaOut } = options;
  if (tlsCaOut !== undefined) checkServesTls(peer);
  const { types } = await contractsOf(options);
  return byHand(peer, types, options, async (launcher, signal) => {
    const port = options.port ?? defaultPort;
    await using server = await launcher.serve(peer, signal, tlsCaOut === undefined ? port : 0);
    const address =
      tlsCaOut === undefined ? server.address : await listenOverTls(server, launcher, port, tlsCaOut);
    const { library, libraryVersion, language, languageVersion } = server.implementation;
    const made = library === '' ? '' : ` (${library} ${libraryVersion}, ${language} ${languageVersion})`;
    complain(`${peer.name} server${made} listens on ${address}; Ctrl-C ends it`);
    server.onServed((record) => {
      const answer = record.cancelled ? 'cancelled' : answerText(record);
      const line = options.json
        ? JSON.stringify(record)
        : `${record.method} ${messagesText(record.requests)} → ${answer}`;
      process.stdout.write(`${options.json ? line : printable(line)}\n`);
    });
    const ended = await Promise.race([server.faulted, once(signal, 'abort').then(() => undefined)]);
    if (!ended) return 0;
    complain(ended.message);
    return 1;
  });
}
