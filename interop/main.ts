import { callCommand } from './cli/call.ts';
import { help } from './cli/help.ts';
import { listCommand } from './cli/list.ts';
import { type Options, readOptions } from './cli/options.ts';
import { reportCommand } from './cli/report.ts';
import { runCommand } from './cli/run.ts';
import { schemaCommand } from './cli/schema.ts';
import { serveCommand } from './cli/serve.ts';
import { watchCommand } from './cli/watch.ts';
import { UsageError } from './errors.ts';
import { PeerError } from './launch/peer-error.ts';

const commands = {
  run: runCommand,
  watch: watchCommand,
  list: listCommand,
  serve: serveCommand,
  call: callCommand,
  report: reportCommand,
  schema: schemaCommand,
  // Beside the engine, and loaded by whoever asks for it only.
  saboteurs: async (options) => (await import('./saboteurs/command.ts')).saboteursCommand(options),
  doctor: async (options) => (await import('./doctor/command.ts')).doctorCommand(options),
  new: async (options) => (await import('./skeleton/command.ts')).newCommand(options),
} satisfies Record<Options['command'], (options: Options) => Promise<number>>;

async function main(): Promise<number> {
  try {
    const options = readOptions(process.argv.slice(2));
    if (!options.help) return await commands[options.command](options);
    process.stdout.write(`${help[options.command]}\n`);
    return 0;
  } catch (error) {
    if (!(error instanceof UsageError || error instanceof PeerError)) throw error;
    process.stderr.write(`${error.message}\n`);
    return error instanceof UsageError ? 2 : 1;
  }
}

// Nobody reads any more (`| head`): that is a Ctrl-C, and what runs ends in order.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.kill(process.pid, 'SIGINT');
});

process.exitCode = await main();
