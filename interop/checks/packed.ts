/**
 * `npm run packed`: what `npm pack` makes is a tool, in an empty folder elsewhere and with nobody's leave to write
 * beside it. Installs of the cache that `npm ci` has filled, where that has what is needed.
 */
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { execa } from 'execa';
import { honest } from '../fixtures/project.ts';
import { packageFolder } from '../folders.ts';
import { unclaimed } from '../model/peer.ts';
import { honestPeer } from '../saboteurs/peers.ts';
import { type CheckStep, runSteps } from './steps.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'stitch-packed-'));
const mine = path.join(folder, 'mine');
const cache = path.join(folder, 'cache');
const installed = path.join(mine, 'node_modules', 'stitch');

/** Runs it in the folder; its output, and its exit code, which has to be that one. */
async function stitch(args: readonly string[], wanted = 0): Promise<string> {
  const env = {
    XDG_CACHE_HOME: cache,
    NO_COLOR: '1',
    NODE_COMPILE_CACHE: undefined,
    GITHUB_STEP_SUMMARY: undefined,
  };
  const file = path.join(mine, 'node_modules', '.bin', 'stitch');
  const result = await execa(file, args, { cwd: mine, env, all: true, reject: false, stdin: 'ignore' });
  if (result.exitCode !== wanted)
    throw new Error(
      `${result.all}\n\`stitch ${args.join(' ')}\` ended with ${result.exitCode ?? result.shortMessage}, and not ${wanted}`,
    );
  return result.all;
}

function expect(text: string, pattern: RegExp): void {
  if (!pattern.test(text)) throw new Error(`${text}\nhas nothing like ${pattern}`);
}

function step(name: string, run: () => Promise<void>): CheckStep {
  return { name, run };
}

/** All that lies in the package. */
function packageFiles(): ReadonlySet<string> {
  return new Set(readdirSync(installed, { recursive: true, encoding: 'utf8' }));
}

/** A peer of one's own: a program of the package, which needs no tool chain and no library. */
function aPeer(): string {
  const command = [
    process.execPath,
    path.join(installed, 'dist', 'interop', 'saboteurs', 'program', 'start.mjs'),
  ];
  // What no manifest claims it has all the same.
  const features = honestPeer.client?.features.filter((each) => !Object.hasOwn(unclaimed, each));
  return JSON.stringify(
    honest('mine', { server: honestPeer.server, client: { features }, process: { command } }),
  );
}

const passed = /\n1 of 1 planned cells passed/;
const only = ['--launcher', 'process', '--only', 'mine'];

const proto = `syntax = "proto3";
package shop.v1;
message Order { int64 amount = 1; string currency = 2; }
service Payments { rpc Charge(Order) returns (Order); }
`;

const scenarios = `import { type Builder, calling, end, inTurn, type Scenario } from 'stitch/contract';

export function scenarios(builder: Builder): readonly Scenario[] {
  const method: string = '/shop.v1.Payments/Charge';
  void [builder, calling, end, inTurn, method];
  return [];
}
`;

process.exitCode = await runSteps([
  step('npm pack', async () => {
    mkdirSync(mine);
    writeFileSync(path.join(mine, 'package.json'), '{ "private": true }\n');
    await execa('npm', ['pack', '--pack-destination', folder], {
      cwd: packageFolder,
      stdin: 'ignore',
      stderr: 'ignore',
    });
  }),
  step('npm install, in an empty folder', async () => {
    const tarball = readdirSync(folder).find((name) => name.endsWith('.tgz')) ?? '';
    const args = ['install', '--prefer-offline', '--no-audit', '--no-fund', path.join(folder, tarball)];
    await execa('npm', args, { cwd: mine, stdin: 'ignore', stderr: 'ignore' });
  }),
  step('says how it is called', async () => {
    expect(await stitch(['--help']), /^npx stitch \[QUERY…\]/);
    expect(await stitch(['list', 'pick/stitch']), /\n\d{3} cells; /);
    expect(await stitch(['doctor', '--bogus'], 2), /hint: npx stitch --help/);
  }),
  step('plays a peer of one’s own, and leaves its log and page where one stands', async () => {
    const before = packageFiles();
    // For root that is no hindrance: what it has written there is looked for.
    chmodSync(path.join(installed, 'dist'), 0o555);
    mkdirSync(path.join(mine, 'peers', 'mine'), { recursive: true });
    writeFileSync(path.join(mine, 'peers', 'mine', 'peer.json'), aPeer());
    expect(await stitch([...only, 'pick/stitch']), passed);
    for (const name of ['run.jsonl', 'report.html', 'durations.json'])
      if (!existsSync(path.join(mine, 'stitch-out', name)))
        throw new Error(`stitch-out/${name} is not there`);
    const written = packageFiles().difference(before);
    if (written.size > 0) throw new Error(`written beside the package: ${[...written].join(', ')}`);
  }),
  step('folds shards into one run', async () => {
    await stitch([...only, 'pick/stitch', '--shard', '1/1', '--out', 'parts']);
    const whole = await stitch(['report', 'parts/part-1-of-1.jsonl', '--out', 'whole']);
    expect(whole, passed);
    expect(whole, /the log: whole\/run\.jsonl/);
  }),
  step('plays a contract of one’s own, in YAML and as a module', async () => {
    writeFileSync(path.join(mine, 'shop.proto'), proto);
    await stitch(['new', 'contract', 'contracts/shop', '--proto', 'shop.proto']);
    const settings = path.join(mine, 'contracts', 'shop', 'contract.yaml');
    writeFileSync(settings, `${readFileSync(settings, 'utf8')}\nscenarios: scenarios.ts\n`);
    writeFileSync(path.join(mine, 'contracts', 'shop', 'scenarios.ts'), scenarios);
    expect(await stitch(only), passed);
  }),
  step('is told by stitch.config.json', async () => {
    const file = path.join(mine, 'stitch.config.json');
    writeFileSync(file, JSON.stringify({ only: ['mine'], color: true }));
    expect(await stitch(['list'], 2), /^stitch\.config\.json: the file: unknown key "color"/);
    writeFileSync(file, JSON.stringify({ only: ['mine'] }));
    expect(await stitch(['list']), /\n1 cell; /);
  }),
]);
if (existsSync(installed)) chmodSync(path.join(installed, 'dist'), 0o755);
rmSync(folder, { recursive: true, force: true });
