import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import net from 'node:net';
import path from 'node:path';
import { execa } from 'execa';
import { protoFolder, workFolder } from '../folders.ts';
import type { Peer, ProcessSpec, Role } from '../model/peer.ts';
import { runBuild } from './build-command.ts';
import { resolved } from './command.ts';
import { digestOf } from './digest.ts';
import { type Guard, startGuard } from './guard.ts';
import { keyLogFolder } from './key-logs.ts';
import type { Built } from './launcher.ts';
import { alone } from './lock.ts';
import { waitedForCoreMs } from './patience.ts';
import { PeerError } from './peer-error.ts';
import { killGroup } from './process-group.ts';
import type { Ending, Program } from './program.ts';
import type { Starter } from './programs.ts';
import { writeProvided } from './provide.ts';

const host = '127.0.0.1';

/** Runs peers as local processes, each the leader of a process group of its own. */
export function processStarter(): Starter {
  const guard = startGuard();
  const keys = keyLogFolder();
  return {
    kind: 'process',
    build: (peer, signal) => build(peer, signal, guard),
    listenHost: host,
    start: (peer, role, args, env) => start(peer, role, args, env, guard),
    provide: writeProvided,
    async keyLog() {
      const file = await keys.file();
      return { here: file, there: file };
    },
    freePort,
    harnessHost: async () => host,
    async [Symbol.asyncDispose]() {
      await keys[Symbol.asyncDispose]();
      await guard[Symbol.asyncDispose]();
    },
  };
}

/** The sentence that says what to install, or undefined when the peer can run here. */
export async function whyNotAsProcess(peer: Peer): Promise<string | undefined> {
  if (!peer.process) return 'its manifest has no "process"';
  for (const need of peer.process.needs) {
    const result = await execa(need.command[0], need.command.slice(1), {
      cwd: peer.folder,
      reject: false,
      stdin: 'ignore',
    });
    if (result.failed) return `\`${need.command.join(' ')}\` failed: install ${need.install}`;
  }
  return undefined;
}

async function build(peer: Peer, signal: AbortSignal, guard: Guard): Promise<Built> {
  const spec = specOf(peer);
  const stampFile = path.join(workFolder, 'built', `${peer.name}.json`);
  const digest = await digestOf([peer.folder, protoFolder], spec.outputs);
  const artifact = `sources ${digest.slice(0, 16)}`;
  const stamp = JSON.stringify({ digest, folder: peer.folder, outputs: spec.outputs });
  const isBuilt = async () =>
    outputsExist(peer, spec) && (await readFile(stampFile, 'utf8').catch(() => '')) === stamp;
  if (await isBuilt()) return { cached: true, artifact };
  // Two runs at once would write over each other's files.
  return alone(path.join(workFolder, 'built', `${peer.name}.lock`), signal, async () => {
    if (await isBuilt()) return { cached: true, artifact };
    for (const command of spec.build) await runBuild(peer, command, peer.folder, signal, guard);
    if (outputsExist(peer, spec)) await writeFile(stampFile, stamp);
    return { cached: spec.build.length === 0, artifact };
  });
}

/** The first of the outputs is what the build commands make; the others are by-products. */
function outputsExist(peer: Peer, spec: ProcessSpec): boolean {
  const [first] = spec.outputs;
  return first === undefined || existsSync(path.join(peer.folder, first));
}

async function start(
  peer: Peer,
  role: Role,
  args: readonly string[],
  env: Readonly<Record<string, string>> | undefined,
  guard: Guard,
): Promise<Program> {
  const [program, fixed] = resolved(specOf(peer).command, peer.folder);
  const child = execa(program, [...fixed, ...args], {
    cwd: peer.folder,
    env: { ...cleanEnvironment(), ...env },
    extendEnv: false,
    stdin: 'pipe',
    stdout: 'pipe',
    stderr: 'pipe',
    buffer: false,
    reject: false,
    detached: true,
    cleanup: false,
    // A program that ignores SIGTERM is found out, and not ended behind our back.
    forceKillAfterDelay: false,
  });
  const { pid } = child;
  if (pid === undefined) {
    const { shortMessage } = await child;
    throw new PeerError({
      peer: peer.name,
      role,
      stage: 'launch',
      what: `could not be started: ${shortMessage}`,
      hint: '"command" of its peer.json starts the program: with a slash it is a path in the folder of the peer, without one it is looked for on the PATH',
    });
  }
  const watched = guard.watchGroup(pid);
  const ended = new Promise<Ending>((resolve) => {
    child.nodeChildProcess.once('exit', (code, signal) => {
      const ending = { how: signal ? `signal ${signal}` : `exit code ${code}`, clean: code === 0 };
      // A child of the program may hold the pipes open, so their end is not waited for without bound.
      const timer = setTimeout(resolve, 500, ending);
      child.nodeChildProcess.once('close', () => {
        clearTimeout(timer);
        resolve(ending);
      });
    });
  });
  return {
    stdin: child.stdin,
    stdout: child.stdout,
    stderr: child.stderr,
    ended,
    addressOf: (port) => `${host}:${port}`,
    waitedMs: () => waitedForCoreMs(pid),
    async terminate() {
      child.kill('SIGTERM');
    },
    async kill() {
      killGroup(pid);
      await ended;
      watched.forget();
    },
  };
}

/** One that nobody has at the moment; somebody else may take it before the program does, which then says so. */
async function freePort(): Promise<number> {
  const listener = net.createServer();
  await once(listener.listen(0, host), 'listening');
  const { port } = listener.address() as net.AddressInfo;
  listener.close();
  return port;
}

function specOf(peer: Peer): ProcessSpec {
  if (!peer.process) throw new Error(`${peer.name} has no "process" in its manifest`);
  return peer.process;
}

/** The harness decides what passes: proxies and library settings of the person's shell do not. */
function cleanEnvironment(): Record<string, string> {
  const kept = ['PATH', 'HOME', 'TMPDIR', 'TEMP', 'SYSTEMROOT', 'USERPROFILE'];
  const entries = kept.flatMap((name) =>
    process.env[name] === undefined ? [] : [[name, process.env[name]] as const],
  );
  return { LANG: 'C.UTF-8', ...Object.fromEntries(entries) };
}
