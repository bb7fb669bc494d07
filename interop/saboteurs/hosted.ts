/** Starts saboteurs side by side in two processes, one for each role, where what they do is no matter of a process. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { PassThrough, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import type { Ending, Program } from '../launch/program.ts';
import type { Starter } from '../launch/programs.ts';
import type { Role } from '../model/peer.ts';
import type { Saboteur } from './catalogue/saboteur.ts';
import { lieNamed } from './lies/lies.ts';
import { honestPeer } from './peers.ts';
import type { Deed, Event } from './program/host.ts';
import type { Start } from './program/life.ts';

const main = fileURLToPath(new URL(`program/host${path.extname(import.meta.filename)}`, import.meta.url));

/** The processes. Ended when disposed of. */
export interface Hosts extends AsyncDisposable {
  start(role: Role, start: Start): Program;
}

/** Those that neither die nor hang, nor have a way of their own to start, to print and to stop. */
export function canBeHosted({ lie, breaks, stops }: Saboteur): boolean {
  const { starts, prints, stops: ends } = lieNamed(lie);
  return !stops && !starts && !prints && !ends && breaks.every(({ verdict }) => verdict.kind === 'failed');
}

/** Starts those of them that can be in the hosts, and the honest one; all others with the starter. */
export function hostedStarter(starter: Starter, hosts: Hosts, saboteurs: readonly Saboteur[]): Starter {
  const lies = new Set<string>(saboteurs.filter(canBeHosted).map(({ lie }) => lie));
  return {
    ...starter,
    start: async (peer, role, args, env) => {
      const [, lie] = args;
      const isHosted = peer.folder === honestPeer.folder && (lie === undefined || lies.has(lie));
      return isHosted
        ? hosts.start(role, { lie, keyLog: env?.SSLKEYLOGFILE })
        : starter.start(peer, role, args, env);
    },
  };
}

export function openHosts(): Hosts {
  const hosts = { client: openHost(), server: openHost() };
  return {
    start: (role, start) => hosts[role].start(start),
    async [Symbol.asyncDispose]() {
      await Promise.all(Object.values(hosts).map((host) => host.end()));
    },
  };
}

/** One process at a time. Should it die, and Node's HTTP/2 can abort in one that breaks rules, the next takes its place. */
function openHost() {
  let current = startProcess();

  return {
    start(start: Start): Program {
      if (!current.isAlive()) current = startProcess();
      return current.start(start);
    },
    end: () => current.end(),
  };
}

function startProcess() {
  const child: ChildProcess = fork(main, { serialization: 'advanced', stdio: ['ignore', 2, 2, 'ipc'] });
  /** Who is in it, and who hears what it says. */
  const inside = new Map<number, { readonly lie: string; hear(event: Event): void }>();
  let count = 0;
  let isEnding = false;
  const exited = once(child, 'exit');
  child.on('message', (event: Event) => inside.get(event.id)?.hear(event));
  // Whoever is in it goes with it.
  child.on('exit', (code, signal) => {
    const lies = Array.from(inside.values(), ({ lie }) => lie);
    if (lies.length > 0 && !isEnding)
      process.stderr.write(
        `a host of saboteurs ended with ${signal ?? `exit code ${code}`}, and these with it: ${lies.join(', ')}\n`,
      );
    for (const [id, { hear }] of inside) hear({ id, ended: 'killed' });
  });

  function start(start: Start): Program {
    const id = count++;
    const tell = (deed: Omit<Deed, 'id'>) => void (child.connected && child.send({ id, ...deed }));
    const stdout = new PassThrough();
    const stderr = new PassThrough();
    const { promise: ended, resolve } = Promise.withResolvers<Ending>();
    function hear({ output, ended: how }: Event): void {
      if (output !== undefined) stdout.write(output);
      if (how === undefined) return;
      inside.delete(id);
      stdout.end();
      stderr.end();
      resolve(
        how === 'killed' ? { how: 'signal SIGKILL', clean: false } : { how: 'exit code 0', clean: true },
      );
    }
    inside.set(id, { lie: start.lie ?? 'none', hear });
    tell({ start });
    return {
      stdin: new Writable({
        write(input: Buffer, _encoding, done) {
          tell({ input });
          done();
        },
        final(done) {
          tell({ inputEnds: true });
          done();
        },
      }),
      stdout,
      stderr,
      ended,
      addressOf: (port) => `127.0.0.1:${port}`,
      // Whoever of them it is that waits.
      waitedMs: () => undefined,
      terminate: async () => tell({ signal: true }),
      async kill() {
        tell({ kill: true });
        await ended;
      },
    };
  }

  return {
    start,
    isAlive: () => child.connected,
    async end() {
      isEnding = true;
      child.kill('SIGKILL');
      await exited;
    },
  };
}
