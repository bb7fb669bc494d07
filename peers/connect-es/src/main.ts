// The peer: server, client and health check in one program. See README.md.
import { parseArgs } from 'node:util';
import { answerCalls, checkHealth, lookUp } from './client.ts';
import { serve, serveHarness } from './server.ts';

const address = { type: 'string', default: '127.0.0.1:6000' } as const;
const host = { type: 'string', default: '127.0.0.1' } as const;
const port = { type: 'string', default: '6000' } as const;
const harness = { type: 'boolean', default: false } as const;

/** Reads the arguments; gives the command, and the exit code of its failure. */
function command([kind, ...args]: readonly string[]): readonly [run: () => Promise<unknown>, failed: 1 | 2] {
  if (kind === 'server') {
    const { values } = parseArgs({ args, options: { host, port, harness } });
    const number = Number(values.port);
    if (!/^\d{1,5}$/.test(values.port) || number > 65535)
      throw new Error(`--port: wanted 0 to 65535, got "${values.port}"`);
    return [() => (values.harness ? serveHarness : serve)(values.host, number), 1];
  }
  if (kind === 'client') {
    const { values, positionals } = parseArgs({
      args,
      options: { address, harness },
      allowPositionals: true,
    });
    if (values.harness) return [answerCalls, 2];
    return [() => lookUp(values.address, positionals.length === 0 ? ['Stitch'] : positionals), 1];
  }
  if (kind !== 'health') throw new Error('usage: server, client or health, and its options');
  const { values } = parseArgs({ args, options: { address } });
  return [() => checkHealth(values.address), 1];
}

let exitCode = 2;
try {
  const [run, failed] = command(process.argv.slice(2));
  exitCode = failed;
  if ((await run()) !== false) exitCode = 0;
} catch (error) {
  console.error((error as Error).message);
}
// Open connections would keep the process alive; whatever had to end has ended.
process.exit(exitCode);
