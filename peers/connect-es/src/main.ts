// The peer: a client and a server in one program, which does what the lines on standard
// input say. See README.md.
import { readFileSync } from 'node:fs';
import { setTimeout as delay, setImmediate } from 'node:timers/promises';
import { makeCalls } from './client.ts';
import type { LineIn } from './contract.ts';
import { input, write } from './lines.ts';
import { describe, plainMethods } from './methods.ts';
import { Server } from './server.ts';

/** How long a stop waits for what is in flight. */
const graceMs = 5_000;

const server = new Server();
let methods = plainMethods;

/** Does what a line says, and writes what came of it. */
async function obey(text: string): Promise<void> {
  let id = '';
  try {
    const line = JSON.parse(text) as LineIn;
    if (typeof line?.id !== 'string') throw new Error('a line is an object with an id');
    id = line.id;
    if (line.call) await makeCalls(line.id, line.call, methods);
    else write({ answer: { id, ...(await instruct(line)) } });
  } catch (error) {
    write({ answer: { id, refused: (error as Error).message } });
  }
}

/**
 * Rejects for what it does not do. Records are written as calls end, so that to flush
 * is to deal with what has arrived.
 */
async function instruct({ types, script, listen, close, drain, flush }: LineIn): Promise<{ port?: number }> {
  if (types) methods = describe(types.files ?? '');
  else if (script) server.keep(script);
  else if (listen) return { port: await server.listen(listen, methods) };
  else if (close) await server.close(close.port ?? 0);
  else if (drain) await server.drain(drain.port ?? 0);
  else if (flush) await setImmediate();
  else throw new Error('unknown instruction');
  return {};
}

if (process.argv.length > 2) {
  console.error('wanted no arguments');
  process.exit(2);
}
const manifest = new URL('../../package.json', import.meta.resolve('@connectrpc/connect'));
write({
  ready: {
    language: 'Node.js', // at run time nothing is left of TypeScript, nor of its version
    languageVersion: process.versions.node,
    library: 'connect-es',
    libraryVersion: JSON.parse(readFileSync(manifest, 'utf8')).version,
    messages: 'dynamic',
  },
});
const inFlight = new Set<Promise<void>>();
for await (const line of input()) {
  const done = obey(line).finally(() => inFlight.delete(done));
  inFlight.add(done);
}
await Promise.race([Promise.all([...inFlight, server.stop()]), delay(graceMs)]);
// Open connections would keep the process alive; whatever had to end has ended.
process.exit();
