// Lines out.
import type { ClientLine, ServerLine } from './types.ts';

// Whoever ended our standard input may be gone: then nobody reads, and a broken
// pipe is no reason to crash. The end of standard input is what stops us.
process.stdout.on('error', () => {});

/** Writes one line to standard output. A pipe is written to synchronously, so nothing is left to flush. */
export function writeLine(line: ClientLine | ServerLine): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}
