// The peer of the harness: does what lines tell it, as client and as server.
import { setImmediate as nextTurn } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import grpc from '@grpc/grpc-js/package.json' with { type: 'json' };
import type { Listener } from '../listener.ts';
import { graceFor, signalled } from '../stop.ts';
import { Channels } from './channels.ts';
import { invoke } from './invoke.ts';
import { type Call, type LineIn, type Port, readLines, type Script, writeLine } from './lines.ts';
import { loadMethods } from './methods.ts';
import { serve } from './server.ts';
import { unknownStep } from './steps.ts';

/** At run time nothing is left of TypeScript, nor of its version: the language is that of Node.js. */
const ready = {
  language: 'Node.js',
  languageVersion: process.versions.node,
  library: 'grpc-js',
  libraryVersion: grpc.version,
  messages: 'dynamic',
};

/** Does what standard input says until it ends, or SIGINT or SIGTERM; gives the exit code. */
export async function run(args: string[]): Promise<number> {
  parseArgs({ args });
  const told = signalled();
  const peer = new Peer();
  writeLine({ ready });
  await Promise.race([readLines(process.stdin, (line) => peer.take(line)), told]);
  process.stdin.destroy();
  await graceFor(peer.stop());
  return 0;
}

/** What the lines tell of, and what has been made of it. */
class Peer {
  readonly #channels = new Channels();
  readonly #scripts = new Map<string, Script>();
  readonly #listeners = new Map<number, Listener>();
  readonly #inFlight = new Set<Promise<void>>();
  #methods = loadMethods(Buffer.of());

  /** Begins what a line says, and holds up nothing; a line out, or many, tell what came of it. */
  async take(line: string): Promise<void> {
    let id = '';
    try {
      const { id: given, ...instruction }: LineIn = JSON.parse(line) ?? {};
      if (typeof given !== 'string' || given === '') throw new Error(`no id in ${line.slice(0, 200)}`);
      id = given;
      if (instruction.call) this.#call(instruction.call, id);
      else writeLine({ answer: { id, ...(await this.#obey(instruction)) } });
    } catch (error) {
      writeLine({ answer: { id, refused: (error as Error).message } });
    }
  }

  /** Takes no new calls. Resolves when those in flight have ended, made or served. */
  async stop(): Promise<void> {
    await Promise.all([...this.#inFlight, ...this.#listeners.values().map((listener) => listener.drain())]);
  }

  async #obey({ types, script, listen, close, drain, flush }: LineIn): Promise<Port> {
    if (types) this.#methods = loadMethods(Buffer.from(types.files ?? '', 'base64'));
    else if (script) this.#keep(script);
    else if (listen) {
      const listener = await serve(this.#methods, this.#scripts, (served) => writeLine({ served }), listen);
      this.#listeners.set(listener.port, listener);
      return { port: listener.port };
    } else if (close) await this.#end(close, (listener) => listener.close());
    else if (drain) await this.#end(drain, (listener) => listener.drain());
    // A handler notices that its call has ended in the same turn of the event loop, and lines are written at once.
    else if (flush) await nextTurn();
    else throw new Error('unknown instruction');
    return {};
  }

  #keep(script: Script): void {
    const { name = '', compression, steps = [] } = script;
    if (compression) throw new Error('compression: grpc-js does not compress responses');
    const unknown = unknownStep(steps, ['headers', 'receive', 'send', 'waitMs', 'end']);
    if (unknown !== undefined) throw new Error(unknown);
    if (steps.length > 0) this.#scripts.set(name, script);
    else this.#scripts.delete(name);
  }

  async #end({ port = 0 }: Port, end: (listener: Listener) => Promise<void> | void): Promise<void> {
    const listener = this.#listeners.get(port);
    if (listener === undefined) throw new Error(`port ${port}: no listener`);
    await end(listener);
    this.#listeners.delete(port);
  }

  /** Makes a call as many times as it says, so many at once. */
  #call(call: Call, id: string): void {
    const { times = 1, atOnce = 1 } = call;
    const ids = (times > 1 ? Array.from({ length: times }, (_, index) => `${id}.${index}`) : [id]).values();
    const make = async () => {
      for (const next of ids) writeLine({ ended: await this.#ended(call, next) });
    };
    for (let lane = 0; lane < Math.max(atOnce, 1); lane++) {
      const made = make().finally(() => this.#inFlight.delete(made));
      this.#inFlight.add(made);
    }
  }

  async #ended(call: Call, id: string): Promise<object> {
    const { compression = '', types, method: path = '', steps = [] } = call;
    const method = this.#methods.get(types || path);
    if (method === undefined) return { id, unsupported: `method "${types || path}"` };
    if (compression !== '' && compression !== 'gzip')
      return { id, unsupported: `compression "${compression}"` };
    const unsupported = unknownStep(steps, ['send', 'close', 'receive', 'waitMs', 'cancel']);
    if (unsupported !== undefined) return { id, unsupported };
    return invoke(this.#channels, method, call, id);
  }
}
