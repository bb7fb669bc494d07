/** Saboteurs, and others, that are taken for programs which know nothing of the harness. */
import type { Launcher } from '../launch/launcher.ts';
import type { Saboteur } from './catalogue/saboteur.ts';

async function never(): Promise<never> {
  throw new Error('a program that knows nothing of the harness was asked for a record');
}

/** What a peer of that name starts knows nothing of the harness: its servers keep no records, and are not to be asked for any. */
export function asUnknowing(launcher: Launcher, isStranger: (peer: string) => boolean): Launcher {
  return {
    ...launcher,
    async serve(peer, ...rest) {
      const server = await launcher.serve(peer, ...rest);
      return isStranger(peer.name)
        ? Object.assign(server, { isUnknowing: true as const, served: never })
        : server;
    },
    async connect(peer, ...rest) {
      const client = await launcher.connect(peer, ...rest);
      return isStranger(peer.name) ? Object.assign(client, { isUnknowing: true as const }) : client;
    },
  };
}

/** Those of the saboteurs that are no peers. */
export function asStrangers(launcher: Launcher, saboteurs: readonly Saboteur[]): Launcher {
  const names = new Set(saboteurs.filter(({ isStranger }) => isStranger).map(({ name }) => name));
  return asUnknowing(launcher, (name) => names.has(name));
}
