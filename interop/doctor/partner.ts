import type { Starter } from '../launch/programs.ts';
import type { Peer } from '../model/peer.ts';
import { honestPeer } from '../saboteurs/peers.ts';
import { NotTried } from './check.ts';

/**
 * Who plays the other end: the harness's own honest peer, a program without a
 * library, so that a new peer needs no other language. No manifest can have its name,
 * which sentences have a role behind: "the harness's server".
 */
export const partner: Peer = { ...honestPeer, name: "harness's" };

/**
 * Starts peers with the one starter, and the partner with the other, as a process of
 * this machine: its server listens where peers of the first reach it. Builds a peer once.
 */
export function partnered(starter: Starter, own: Starter): Starter {
  const builds = new Map<Peer, ReturnType<Starter['build']>>();
  return {
    kind: starter.kind,
    build(peer, signal) {
      if (peer === partner) return Promise.resolve({ cached: true });
      const build = builds.get(peer) ?? starter.build(peer, signal);
      builds.set(peer, build);
      return build;
    },
    listenHost: starter.listenHost,
    freePort: starter.freePort,
    provide: starter.provide,
    keyLog: (peer) => (peer === partner ? own : starter).keyLog(peer),
    async start(peer, role, args, env) {
      if (peer !== partner || role === 'client')
        return (peer === partner ? own : starter).start(peer, role, args, env);
      // It listens everywhere of this machine that it is told to, and is reached where the peer reaches this machine.
      const host = await starter.harnessHost().catch(unreachable);
      const program = await own.start(partner, role, args, env);
      return { ...program, addressOf: (port) => `${host}:${port}` };
    },
    harnessHost: starter.harnessHost,
    [Symbol.asyncDispose]: () => starter[Symbol.asyncDispose](),
  };
}

/** No fault of the peer's. */
export function unreachable(error: Error): never {
  throw new NotTried(`clients in containers do not reach this machine: ${error.message}`);
}
