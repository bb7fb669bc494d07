import net from 'node:net';
import type { ClientSession, RunningServer } from '../launch/launcher.ts';
import { hostAndPort } from '../model/address.ts';
import type { Methods } from './methods.ts';
import { type LiveKeys, takeNotes } from './notes.ts';
import { openRelay, type Relay } from './relay.ts';

interface Tapped {
  readonly relay: Relay;
  /** The server's own address. */
  readonly behind: string;
}

/**
 * The server, with a relay in front of each of its listeners that reads along.
 * `host` is where clients reach the harness; while they do not (`isOpen`), they are
 * given the server's own address. Rejects when nothing can listen there.
 */
export async function tapServer(
  server: RunningServer,
  host: string,
  methods: Methods,
  isOpen: () => boolean,
  keys: LiveKeys,
): Promise<RunningServer> {
  const notes = takeNotes(methods, { keys });
  /** By the address that clients are given. */
  const tapped = new Map<string, Tapped>();

  async function open(behind: string): Promise<string> {
    const relay = await openRelay(host, behind, notes.watch);
    tapped.set(relay.address, { relay, behind });
    return relay.address;
  }

  /** A relay for each client. */
  const own = new WeakMap<ClientSession, Promise<string>>();

  async function reachedBy(client: ClientSession): Promise<string> {
    if (!isOpen()) return server.address;
    const opening = own.get(client) ?? open(server.address);
    own.set(client, opening);
    return await opening;
  }

  async function end(how: 'close' | 'drain', address: string): Promise<void> {
    const known = tapped.get(address);
    await server[how](known?.behind ?? address);
    // A server that says it has closed and goes on listening must be seen to do so.
    if (known && !(await answers(known.behind))) known.relay.leave();
    // Its connections end with it, and it takes a moment until both sides know that.
    if (how === 'close') await known?.relay.emptied(emptiedMs);
  }

  async function stop(): Promise<string | undefined> {
    const problem = await server.stop();
    for (const { relay } of tapped.values()) relay.close();
    return problem;
  }

  const address = await open(server.address);
  return {
    ...server,
    get fault() {
      return server.fault;
    },
    get address() {
      return isOpen() ? address : server.address;
    },
    get wire() {
      return isOpen() ? notes : undefined;
    },
    ...(server.tls && { reachedBy }),
    async listen(address, tls) {
      const known = address === undefined ? undefined : tapped.get(address);
      if (!known) {
        const own = await server.listen(address, tls);
        return isOpen() ? open(own) : own;
      }
      await server.listen(known.behind, tls);
      await known.relay.listen();
      return known.relay.address;
    },
    close: (address) => end('close', address),
    drain: (address) => end('drain', address),
    stop,
    async [Symbol.asyncDispose]() {
      await stop();
    },
  };
}

const answerMs = 1_000;
/** A client that does not read while it makes no call never knows. */
const emptiedMs = 1_000;

/** Whether somebody takes connections at the address. */
function answers(address: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = net.connect({ ...hostAndPort(address), timeout: answerMs });
    function end(isThere: boolean): void {
      socket.destroy();
      resolve(isThere);
    }
    socket.once('connect', () => end(true));
    socket.once('error', () => end(false));
    socket.once('timeout', () => end(false));
  });
}
