/**
 * `npm run tls`: the matrix over TLS, and not. Encryption must change no verdict, so the two runs must come to the
 * same, cell by cell. Left out are scenarios about encryption itself, and who does not claim it.
 * `npm run tls -- [container|process] [QUERY…]`: where, and what; processes, and all of it, unless it is said.
 */
import { whyNotAsProcess } from '../launch/process.ts';
import type { Peer } from '../model/peer.ts';
import { findPeers } from '../peers/find.ts';
import { runSteps } from './steps.ts';
import { compare, makePlayers, type Verdicts } from './verdicts.ts';

const [first, ...others] = process.argv.slice(2);
const isPlace = first === 'container' || first === 'process';
const launcher = isPlace ? first : 'process';
const query = isPlace || first === undefined ? others : [first, ...others];

/** It claims TLS in one of the roles, and can be launched. */
async function isPlaying(peer: Peer): Promise<boolean> {
  const features = [...(peer.server?.features ?? []), ...(peer.client?.features ?? [])];
  return features.includes('tls') && (launcher === 'container' || !(await whyNotAsProcess(peer)));
}

async function compareTransports(): Promise<void> {
  using players = makePlayers();
  const peers = await findPeers();
  const isIn = await Promise.all(peers.map(isPlaying));
  const names = peers.flatMap(({ name }, index) => (isIn[index] ? name : []));
  const words = ['!scenario:tls/*,mtls/*', '--only', names.join(','), ...query];
  const plain = (...more: readonly string[]) => players.play(launcher, ...more);
  const encrypted = (...more: readonly string[]) => players.play(launcher, '--tls', ...more);
  const sides = [
    { name: 'in the open', play: plain },
    { name: 'over TLS', play: encrypted },
  ] as const;
  const [before, after] = [await plain(...words), await encrypted(...words)];
  const played = new Set([...after].flatMap(([id, verdict]) => (verdict === 'unsupported' ? [] : id)));
  await compare(sides, [only(before, played), only(after, played)], query.length > 0 ? 1 : 100);
  process.stdout.write(`${played.size} cells came to the same in the open and over TLS\n`);
}

function only(all: Verdicts, ids: ReadonlySet<string>): Verdicts {
  return new Map([...all].filter(([id]) => ids.has(id)));
}

const name = `${launcher}: the same verdicts in the open and over TLS`;
process.exitCode = await runSteps([{ name, run: compareTransports }]);
