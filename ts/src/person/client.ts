// The client as a person runs it.
import { parseArgs } from 'node:util';
import { manage } from '../service/definition.ts';
import type { Expirement } from '../service/messages.ts';
import { callUnary, connect } from './unary.ts';

/** Looks each name up at each address and prints its row, or its status; gives the exit code. */
export async function run(args: string[]): Promise<number> {
  const options = { address: { type: 'string', multiple: true } } as const;
  const { values, positionals } = parseArgs({ args, options, allowPositionals: true });
  const { address: addresses = ['127.0.0.1:6000'] } = values;
  const names = positionals.length === 0 ? ['Stitch'] : positionals;
  let exitCode = 0;
  for (const address of addresses) {
    const isOneOfMany = addresses.length > 1;
    if (isOneOfMany) process.stdout.write(`${address}\n`);
    if (!(await lookUp(address, names, isOneOfMany ? `${address}: ` : ''))) exitCode = 1;
  }
  return exitCode;
}

/** Prints each row, or status with what stands before it; gives whether all were OK. */
async function lookUp(address: string, names: readonly string[], before: string): Promise<boolean> {
  const client = connect(address);
  let isOk = true;
  for (const name of names) {
    try {
      process.stdout.write(format(await callUnary(client, manage.PickOne, { name }, 10_000)));
    } catch (error) {
      console.error(`${before}${(error as Error).message}`);
      isOk = false;
    }
  }
  client.close();
  return isOk;
}

/** What a person reads; a blank follows the name and the id. */
export function format({ name = '', id = 0, skill = '' }: Expirement): string {
  return `Expirement:\n---Name:${name} \n---ID:${id} \n---Skill:${skill}\n`;
}
