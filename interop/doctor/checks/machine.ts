/** What the machine has of what the harness can use. What is missing and can be done without is told, and is no failure. */
import { readFileSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import net from 'node:net';
import path from 'node:path';
import { execa } from 'execa';
import { isPackage, packageFolder, rootFolder } from '../../folders.ts';
import { whyNoEngine } from '../../launch/engine.ts';
import { whyNotAsProcess } from '../../launch/process.ts';
import type { Peer } from '../../model/peer.ts';
import { findPeers } from '../../peers/find.ts';
import { type Check, Missing, Wrong } from '../check.ts';
import type { Checks } from '../peer.ts';

const gibi = 1024 ** 3;
const wantedDisk = 2 * gibi;
const wantedMemory = gibi / 2;

/** The checks of this machine. Throws a UsageError when a manifest is wrong. */
export async function machineChecks(): Promise<Checks> {
  const peers = await findPeers();
  const checks = [
    check('Node', 'runs the harness', nodeVersion),
    check('npm', 'installs the locked packages', () => version('npm', ['--version'])),
    check('git', 'for work on the project itself', () => spare(version('git', ['--version']))),
    check('Docker engine', 'runs peers in containers', dockerEngine),
    check('docker compose', 'for docs/compose.md', () =>
      spare(version('docker', ['compose', 'version', '--short'])),
    ),
    check('docker buildx', 'newer engines build images with it', () =>
      spare(version('docker', ['buildx', 'version'])),
    ),
    ...peers.map((peer) => check(`peer ${peer.name}`, '', () => waysText(peer))),
    check('disk', 'for images, tool chains and builds', disk),
    check('memory', 'for peers and their builds', memory),
    check('port 6000', 'for npm run interop -- serve PEER, unless --port says otherwise', () => port(6000)),
  ];
  return { checks, async [Symbol.asyncDispose]() {} };
}

/** `who` is told in each case: what needs it. */
function check(name: string, who: string, run: () => Promise<string>): Check {
  return {
    name,
    section: '',
    needs: [],
    hint: who,
    async run() {
      try {
        const remark = await run();
        return who === '' ? remark : `${remark}; ${who}`;
      } catch (error) {
        throw error instanceof Missing ? new Missing(`${error.message}; ${who}`) : error;
      }
    },
  };
}

/** Without it nothing is wrong. */
function spare(found: Promise<string>): Promise<string> {
  return found.catch((error: Error) => {
    throw new Missing(error.message);
  });
}

async function nodeVersion(): Promise<string> {
  // Of a package the beginning has seen to it.
  if (isPackage) return process.versions.node;
  const file = path.join(packageFolder, 'node_modules', 'node', 'package.json');
  const locked = (JSON.parse(readFileSync(file, 'utf8')) as { readonly version: string }).version;
  if (process.versions.node !== locked)
    throw new Wrong(
      `${process.versions.node} runs this, and ${locked} is locked`,
      'start it with npm run interop, which runs the locked one',
    );
  return locked;
}

/** The first line that a command says of its version. Rejects when it is not there. */
async function version(command: string, args: readonly string[]): Promise<string> {
  const result = await execa(command, args, { reject: false, stdin: 'ignore', timeout: 10_000 });
  if (result.failed) throw new Wrong(`\`${[command, ...args].join(' ')}\` fails`);
  return result.stdout.split('\n')[0]?.trim() ?? '';
}

async function dockerEngine(): Promise<string> {
  const reason = await whyNoEngine();
  if (reason) throw new Missing(`${reason}; without it peers run as processes`);
  return version('docker', ['version', '--format', '{{.Server.Version}}']);
}

/** How the peer can be launched here. Rejects when it cannot be launched at all. */
async function waysText(peer: Peer): Promise<string> {
  const noProcess = await whyNotAsProcess(peer);
  const noContainer = peer.container ? await whyNoEngine() : 'its manifest has no "container"';
  if (noProcess && noContainer)
    throw new Wrong(
      `cannot be launched here: ${noProcess}; ${noContainer}`,
      'one of the two is enough; or leave it out on purpose: npm run interop -- --only PEERS',
    );
  if (noProcess) return `in containers only: ${noProcess}`;
  return noContainer ? `as a process only: ${noContainer}` : 'as a process, and in containers';
}

async function disk(): Promise<string> {
  const { bavail, bsize } = await statfs(rootFolder);
  return enough(bavail * bsize, wantedDisk, ` at ${rootFolder}`);
}

async function memory(): Promise<string> {
  return enough(process.availableMemory(), wantedMemory, '');
}

function enough(free: number, wanted: number, where: string): string {
  if (free < wanted) throw new Wrong(`${size(free)} free${where}: wanted ${size(wanted)}`);
  return `${size(free)} free`;
}

function size(bytes: number): string {
  return `${(bytes / gibi).toFixed(1)} GiB`;
}

/** Only a person's own server wants it: the harness lets the system choose its ports. */
async function port(number: number): Promise<string> {
  const listener = net.createServer();
  const problem = await new Promise<string | undefined>((resolve) => {
    listener.once('error', (error) => resolve(error.message));
    listener.listen(number, '127.0.0.1', () => resolve(undefined));
  });
  listener.close();
  if (problem === undefined) return 'free';
  throw new Missing(problem);
}
