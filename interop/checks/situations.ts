/**
 * What each stack does in each situation of TLS: the tables in docs/tls.md, made of the log of a run.
 * `node interop/checks/situations.ts [interop/out/run.jsonl]` writes them there.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { readEvents } from '../cli/events.ts';
import { rootFolder } from '../folders.ts';
import type { Role } from '../model/peer.ts';
import { asWanted, type Situation, type Situations, startSituations } from '../outcome/situations.ts';
import { markdownTable } from '../report/markdown-table.ts';
import { withSection } from './section.ts';

const [log = path.join(rootFolder, 'interop', 'out', 'run.jsonl')] = process.argv.slice(2);
const file = path.join(rootFolder, 'docs', 'tls.md');
const marks = ['<!-- situations: made of a run -->', '<!-- situations end -->'] as const;
const contracts = ['tls/', 'mtls/'];

function tables({ at, launcher, peers, situations }: Situations): string {
  const those = situations.filter(({ scenario }) => contracts.some((each) => scenario.startsWith(each)));
  if (those.length === 0) throw new Error(`${log}: none of its scenarios is about TLS`);
  return [
    `Made of a run of ${at.slice(0, 10)}, as ${launcher}, by \`node interop/checks/situations.ts\`.`,
    'As a **client**, with any server:',
    table('client', peers, those),
    'As a **server**, with any client:',
    table('server', peers, those),
    those.map(({ scenario, title }) => `- \`${scenario}\`: ${title}`).join('\n'),
  ].join('\n\n');
}

function table(role: Role, peers: readonly string[], situations: readonly Situation[]): string {
  const names = peers.filter((name) => situations.some((each) => each[role].has(name)));
  const rows = situations.map((situation) => [
    `\`${situation.scenario}\``,
    ...names.map((name) => (situation[role].get(name) ?? []).map(deedText).join(', ') || '–'),
  ]);
  return markdownTable(['', ...names], rows);
}

function deedText(deed: string): string {
  return deed === asWanted ? '✓' : deed.replaceAll('|', '\\|');
}

const { add, told } = startSituations();
for await (const event of readEvents(log)) add(event);
const text = readFileSync(file, 'utf8');
writeFileSync(file, withSection('docs/tls.md', text, marks, tables(told())));
