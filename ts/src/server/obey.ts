// The instructions on standard input.
import type { ServerLine } from '../lines/types.ts';
import { writeLine } from '../lines/write.ts';
import type { Listeners } from './listeners.ts';

/** Gives what obeys instruction lines: one line answers each, in order. */
export function obeyer(listeners: Listeners): (line: string) => void {
  let previous = Promise.resolve();
  return (line) => {
    previous = previous.then(async () => writeLine(await obey(listeners, line)));
  };
}

/** Carries one instruction out, and gives the line that answers it. */
export async function obey(listeners: Listeners, line: string): Promise<ServerLine> {
  try {
    const instruction = JSON.parse(line) ?? {};
    if (instruction.listen) return { listening: await listeners.open(portOf(instruction.listen)) };
    if (instruction.close) {
      const port = portOf(instruction.close);
      await listeners.close(port);
      return { closed: { port } };
    }
    // Standard output is written to synchronously: what has been answered has been written.
    if (instruction.flush) return { flushed: {} };
    return { refused: { reason: `unknown instruction: ${line.slice(0, 200)}` } };
  } catch (error) {
    return { refused: { reason: (error as Error).message } };
  }
}

function portOf({ port = 0 }: { readonly port?: unknown }): number {
  const number = Number(port);
  if (!Number.isInteger(number) || number < 0 || number > 65535) {
    throw new Error(`port: wanted a number from 0 to 65535, got ${JSON.stringify(port)}`);
  }
  return number;
}
