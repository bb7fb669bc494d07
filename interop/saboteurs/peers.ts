import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { clientFeatures, type Peer, type Role, serverFeatures } from '../model/peer.ts';
import type { Saboteur } from './catalogue/saboteur.ts';

const folder = fileURLToPath(new URL('program', import.meta.url));
const program = fileURLToPath(new URL('program/start.mjs', import.meta.url));

/** All but what nothing is played with; of clients also what no manifest claims. */
const server = { features: serverFeatures.filter((feature) => feature !== 'keepalive') };
const client = { features: clientFeatures.filter((feature) => feature !== 'keepalive') };

function peer(name: string, title: string, roles: readonly Role[], args: readonly string[]): Peer {
  return {
    name,
    title,
    folder,
    args,
    keyLog: { SSLKEYLOGFILE: '{file}' },
    ...(roles.includes('server') && { server }),
    ...(roles.includes('client') && { client }),
    process: {
      needs: [],
      build: [],
      outputs: [],
      command: [process.execPath, program],
      test: [],
      check: [],
    },
  };
}

/** The reference: every scenario is green between its server and its client. */
export const honestPeer: Peer = peer('honest', 'Honest', ['server', 'client'], []);

/** Plays what it lies in, and no other role. */
export function saboteurPeer({ name, does, role, lie }: Saboteur): Peer {
  return peer(name, does, role === 'both' ? ['server', 'client'] : [role], ['--lie', lie]);
}

/** Compiles the program once, where dozens that start together would each do it, and write it down at their end. */
export async function compile(): Promise<void> {
  await execa(process.execPath, [program], { cwd: folder, stdin: 'ignore' });
}
