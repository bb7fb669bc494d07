// The peer: server, client and health check in one program. See README.md.
import { enableCompileCache } from 'node:module';
import { type Command, parseCommand, UsageError } from './options.ts';

// Each command imports only what it needs, after this: start-up time is what
// the harness waits for, and compiled code is kept from one run to the next.
enableCompileCache();

/** Runs the command, and gives the exit code. */
async function run(command: Command): Promise<number> {
  switch (command.kind) {
    case 'server':
      return command.isHarness
        ? (await import('./server/harness.ts')).serveHarness(command.host, command.port)
        : (await import('./server/human.ts')).serve(command.host, command.port);
    case 'client':
      return command.isHarness
        ? (await import('./client/harness.ts')).answerCalls()
        : (await import('./client/human.ts')).lookUp(command.address, command.names);
    case 'health':
      return (await import('./health.ts')).checkHealth(command.address);
    default:
      return command satisfies never;
  }
}

try {
  // Open channels would keep the process alive; whatever had to end has ended.
  process.exit(await run(parseCommand(process.argv.slice(2))));
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  console.error(error.message);
  process.exit(2);
}
