// The lines between harness and peer: one JSON object each, on standard input and output.
import { PassThrough } from 'node:stream';

// Whoever reads may be gone before us: that is no reason to crash.
process.stdout.on('error', () => {});

/** Writes one LineOut of proto/peer.proto to standard output, which, a pipe, is written to synchronously. */
export function write(line: object): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

const chunks = process.stdin.pipe(new PassThrough({ encoding: 'utf8' }));
for (const signal of ['SIGTERM', 'SIGINT'])
  process.once(signal, () => process.stdin.unpipe(chunks) && chunks.end());

/**
 * The lines of standard input, until that ends or a signal says stop.
 * (node:readline also ends a line at U+2028, which JSON does not escape.)
 */
export async function* input(): AsyncGenerator<string> {
  let rest = '';
  for await (const chunk of chunks) {
    const lines = (chunk as string).split('\n');
    lines[0] = rest + lines[0];
    rest = lines.pop() ?? '';
    yield* lines;
  }
}
