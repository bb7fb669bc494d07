import net from 'node:net';
import type { ClientSession, Launcher } from '../launch/launcher.ts';
import type { Types } from '../messages/types.ts';
import { methodsOf } from './methods.ts';
import { reaches } from './reach.ts';
import { listenOn } from './relay.ts';
import { tapServer } from './tap.ts';
import { readKeyLogs } from './tls/key-logs.ts';

/**
 * The launcher, with a relay that reads along in front of every server that it
 * starts. Where its clients do not reach the harness, they are given the servers'
 * own addresses, and say why in `untapped`.
 */
export function tapLauncher(launcher: Launcher, types: Types): Launcher {
  const methods = methodsOf(types);
  const keys = readKeyLogs();
  const { identities } = launcher;
  const known = { ...keys, ...(identities && { nameOf: identities.nameOf }) };
  /** A client came through: what is between the peers and the harness lets them pass. */
  let isOpen = launcher.kind === 'process';
  let host: Promise<string> | undefined;

  function listeningHost(): Promise<string> {
    host ??= launcher.harnessHost().then(canListen);
    return host;
  }

  async function whyNot(client: ClientSession): Promise<string | undefined> {
    try {
      const host = await listeningHost();
      isOpen ||= await reaches(client, host, types);
      return isOpen ? undefined : `clients do not reach the harness at ${host}: a firewall may be in the way`;
    } catch (error) {
      return (error as Error).message;
    }
  }

  return {
    kind: launcher.kind,
    ...(identities && { identities }),
    isTapped: true,
    build: launcher.build,
    harnessHost: launcher.harnessHost,
    async serve(peer, signal, port) {
      const server = await launcher.serve(peer, signal, port);
      const host = await listeningHost().catch(() => undefined);
      keys.add(server.keyLog);
      return host === undefined ? server : tapServer(server, host, methods, () => isOpen, known);
    },
    async connect(peer, signal) {
      const client = await launcher.connect(peer, signal);
      keys.add(client.keyLog);
      const untapped = await whyNot(client);
      return untapped === undefined ? client : Object.assign(client, { untapped });
    },
    [Symbol.asyncDispose]: () => launcher[Symbol.asyncDispose](),
  };
}

/** Resolves to the host when the harness can listen there. */
async function canListen(host: string): Promise<string> {
  const listener = net.createServer();
  try {
    await listenOn(listener, host, 0);
  } catch (error) {
    throw new Error(`the harness cannot listen where clients would reach it: ${(error as Error).message}`);
  }
  listener.close();
  return host;
}
