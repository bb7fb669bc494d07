// The peer of the harness, and a server, a client and a health check for a person, in one program. See README.md.
import { enableCompileCache } from 'node:module';

// Each command imports only what it needs, after this: start-up time is what
// the harness waits for, and compiled code is kept from one run to the next.
enableCompileCache();

/** The commands: each takes its arguments, and gives the exit code. */
const commands: Readonly<Record<string, () => Promise<{ run(args: string[]): Promise<number> }>>> = {
  server: () => import('./person/server.ts'),
  client: () => import('./person/client.ts'),
  health: () => import('./person/health.ts'),
  peer: () => import('./peer/peer.ts'),
};

const [name = '', ...args] = process.argv.slice(2);
try {
  const { run } = (await commands[name]?.()) ?? {};
  if (run === undefined) console.error('usage: server, client, health or peer, and its options');
  // Open channels would keep the process alive; whatever had to end has ended.
  process.exit((await run?.(args)) ?? 2);
} catch (error) {
  const { code, message } = error as NodeJS.ErrnoException;
  if (!code?.startsWith('ERR_PARSE_ARGS')) throw error;
  console.error(message);
  process.exit(2);
}
