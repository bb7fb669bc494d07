// The client as a person runs it.
import { parseArgs } from 'node:util';
import { manage } from '../service/definition.ts';
import type { Expirement } from '../service/messages.ts';
import { callUnary, connect } from './unary.ts';

/** Looks each name up and prints its row, or its status; gives the exit code. */
export async function run(args: string[]): Promise<number> {
  const options = { address: { type: 'string', default: '127.0.0.1:6000' } } as const;
  const { values, positionals } = parseArgs({ args, options, allowPositionals: true });
  const client = connect(values.address);
  let exitCode = 0;
  for (const name of positionals.length === 0 ? ['Stitch'] : positionals) {
    try {
      process.stdout.write(format(await callUnary(client, manage.PickOne, { name }, 10_000)));
    } catch (error) {
      console.error((error as Error).message);
      exitCode = 1;
    }
  }
  return exitCode;
}

/** What a person reads; a blank follows the name and the id. */
export function format({ name = '', id = 0, skill = '' }: Expirement): string {
  return `Expirement:\n---Name:${name} \n---ID:${id} \n---Skill:${skill}\n`;
}
