import './messages/base64.ts';
import { help } from './cli/help.ts';
import { type Options, readOptions } from './cli/options.ts';
import { projectIn } from './cli/project.ts';
import { UsageError } from './errors.ts';
import { isPackage } from './folders.ts';
import { PeerError } from './launch/peer-error.ts';

/** Each is loaded when it is asked for: most know more than the others need. */
const commands = {
  run: async (options) => (await import('./cli/run.ts')).runCommand(options),
  watch: async (options) => (await import('./cli/watch.ts')).watchCommand(options),
  list: async (options) => (await import('./cli/list.ts')).listCommand(options),
  serve: async (options) => (await import('./cli/serve.ts')).serveCommand(options),
  call: async (options) => (await import('./cli/call.ts')).callCommand(options),
  report: async (options) => (await import('./cli/report.ts')).reportCommand(options),
  schema: async (options) => (await import('./cli/schema.ts')).schemaCommand(options),
  saboteurs: async (options) => (await import('./saboteurs/command.ts')).saboteursCommand(options),
  doctor: async (options) => (await import('./doctor/command.ts')).doctorCommand(options),
  versions: async (options) => (await import('./cli/versions.ts')).versionsCommand(options),
  new: async (options) => (await import('./skeleton/command.ts')).newCommand(options),
} satisfies Record<Options['command'], (options: Options) => Promise<number>>;

async function main(): Promise<number> {
  try {
    const args = process.argv.slice(2);
    const asked = readOptions(args);
    if (asked.help) {
      process.stdout.write(`${help[asked.command]}\n`);
      return 0;
    }
    const options = readOptions(args, await projectIn());
    if (isPackage) (await import('./unpack.ts')).unpack();
    return await commands[options.command](options);
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
