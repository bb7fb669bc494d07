import { mkdirSync, openSync, writeSync } from 'node:fs';
import path from 'node:path';
import { UsageError } from '../errors.ts';

/**
 * Opens a file for an output and gives what writes to it. Throws a UsageError
 * before anything starts when it cannot be written.
 */
export function openOutput(file: string, flags: 'w' | 'a' = 'w'): (text: string) => void {
  try {
    mkdirSync(path.dirname(file), { recursive: true });
    const fd = openSync(file, flags);
    return (text) => writeAll(fd, text);
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
