import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { honest } from '../../fixtures/project.ts';
import { readManifest } from '../../peers/manifest.ts';
import { checkName } from '../../skeleton/name.ts';
import { skeletonOf } from '../../skeleton/skeleton.ts';
import { manifestCheck } from './manifest.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'stitch-manifest-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A manifest in a folder of its own. */
function written(name: string, text: string): string {
  const file = path.join(folder, name, 'peer.json');
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, text);
  return file;
}

/** What the check says of it: the remark, or the message without the file's name. */
async function said(file: string, others: readonly string[] = []): Promise<string> {
  const run = manifestCheck({ file, others, peer: () => readManifest(file, readFileSync(file, 'utf8')) }).run(
    new AbortController().signal,
  );
  return run.catch((error: Error) => error.message.replace(`${path.relative(process.cwd(), file)}: `, ''));
}

it.each<readonly [what: string, more: object, says: string]>([
  ['all is well', {}, 'one'],
  ['an unknown key', { colour: 'red' }, 'the manifest: unknown key "colour"'],
  [
    'an unknown feature',
    { server: { features: ['magic'] } },
    'server.features.0: wanted one of scripts, client-streams, server-streams, bidi-streams, metadata, gzip-response, gzip-request, listen, drain, tls, keepalive, limits, tls-version, client-name',
  ],
  [
    'nothing that makes it a peer',
    { args: undefined },
    '"args" is missing: what makes the program a peer, behind its command',
  ],
  [
    'no port',
    { server: { ready: 'port', args: ['{host}'], features: [] }, client: undefined },
    'server.args: a server that is ready when its port answers must be given {port}, there or in "env"; or "port" says where it listens',
  ],
  ['neither', { process: undefined }, 'neither "process" nor "container": it cannot be launched'],
  ...['npm start', 'sh run.sh', '/usr/bin/make serve'].map(
    (command) =>
      [
        `\`${command}\``,
        { process: { command: command.split(' ') } },
        `process.command: \`${command.split(' ')[0]}\` starts the program as a child of its own\n  hint: signals and the end of input must reach the program itself: build it in "build", and name what was built in "command"`,
      ] as const,
  ),
  [
    '`tool run`',
    { process: { command: ['tool', 'run', './cmd'] } },
    'process.command: `tool run` starts the program as a child of its own\n  hint: signals and the end of input must reach the program itself: build it in "build", and name what was built in "command"',
  ],
])('of a manifest with %s', async (_, more, says) => {
  expect(await said(written('one', JSON.stringify(honest('one', more))))).toBe(says);
});

it('of two manifests of one name', async () => {
  const twin = written('twin', JSON.stringify(honest('one')));
  expect(await said(written('one', JSON.stringify(honest('one'))), [twin])).toMatch(
    /^name: .*twin\/peer\.json is "one" too$/,
  );
});

it('of what is no JSON', async () => {
  expect(await said(written('one', '{'))).toContain('JSON');
});

it('of the manifest of a new peer: nothing', async () => {
  expect(await said(written('new', skeletonOf('fresh')['peer.json'] ?? ''))).toBe('fresh, ???');
});

it.each(['Loud', '../up', '', 'a b', '1st', 'a'.repeat(32)])('no peer is named %j', (name) => {
  expect(() => checkName(name)).toThrow(/^new: wanted a name of lower-case letters, digits and hyphens/);
});
