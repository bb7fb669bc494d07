import { closeSync, mkdirSync, openSync, writeFileSync, writeSync } from 'node:fs';
import path from 'node:path';
import { UsageError } from '../errors.ts';

/**
 * What writes a document to the file: `w` puts it in the place of what is there, `a`
 * behind it. Throws a UsageError before anything starts when it cannot be written.
 */
export function openOutput(file: string, flag: 'w' | 'a' = 'w'): (text: string) => void {
  try {
    mkdirSync(path.dirname(file), { recursive: true });
    closeSync(openSync(file, flag));
    return (text) => writeFileSync(file, text, { flag });
  } catch (error) {
    const shown = path.relative(process.cwd(), file);
    throw new UsageError(`${shown} cannot be written: ${(error as Error).message}`);
  }
}

/** A write may take less than it was given. */
export function writeAll(fd: number, text: string): void {
  const bytes = Buffer.from(text);
  for (let written = 0; written < bytes.length; ) written += writeSync(fd, bytes, written);
}
