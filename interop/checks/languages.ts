/**
 * The README's table of languages, made of the manifests. `node interop/checks/languages.ts` writes it there;
 * `npm run check` wants it to be what the manifests say.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { rootFolder } from '../folders.ts';
import {
  type ClientFeature,
  clientFeatures,
  type Feature,
  type Part,
  type Peer,
  serverFeatures,
  unclaimed,
} from '../model/peer.ts';
import { findPeers } from '../peers/find.ts';
import { markdownTable } from '../report/markdown-table.ts';
import { withSection } from './section.ts';
import type { CheckStep } from './steps.ts';

const file = path.join(rootFolder, 'README.md');
const marks = ['<!-- languages: made of the manifests -->', '<!-- languages end -->'] as const;
const claimable = clientFeatures.filter((feature: ClientFeature) => !(feature in unclaimed));

function table(peers: readonly Peer[]): string {
  const rows = peers.map((peer) => [
    `[${peer.name}](${path.relative(rootFolder, peer.folder)})`,
    peer.title,
    partText(peer.client, claimable, peer.client?.output !== undefined),
    partText(peer.server, serverFeatures, peer.server?.ready !== undefined),
    launchText(peer),
  ]);
  return markdownTable(['peer', 'language, library', 'client', 'server', 'runs as'], rows);
}

/** What it claims of all that can be claimed, in the shorter way. */
function partText<F extends Feature>(
  part: Part<F> | undefined,
  all: readonly F[],
  isStranger: boolean,
): string {
  if (!part) return '–';
  const lacks = all.filter((feature) => !part.features.includes(feature));
  if (isStranger) {
    const claimed = all.filter((feature) => part.features.includes(feature));
    return `a program as it is${claimed.length > 0 ? `: ${claimed.join(', ')}` : ''}`;
  }
  if (lacks.length === 0) return 'everything';
  return lacks.length <= part.features.length
    ? `all but ${lacks.join(', ')}`
    : `the plain service${part.features.map((feature) => `, ${feature}`).join('')}`;
}

function launchText({ process, container }: Peer): string {
  return [container && 'container', process && 'process'].filter(Boolean).join(', ');
}

async function withTable(text: string): Promise<string> {
  return withSection('README.md', text, marks, table(await findPeers()));
}

/** Rejects when the table in the README is not what the manifests say. */
export const languagesStep: CheckStep = {
  name: 'README: table of languages',
  async run() {
    const text = readFileSync(file, 'utf8');
    if (text !== (await withTable(text)))
      throw new Error(
        'the table of languages in README.md is not what the manifests say: node interop/checks/languages.ts',
      );
  },
};

if (import.meta.main) writeFileSync(file, await withTable(readFileSync(file, 'utf8')));
