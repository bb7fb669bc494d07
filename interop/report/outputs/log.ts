import { closeSync, ftruncateSync, mkdirSync, openSync, statfsSync } from 'node:fs';
import path from 'node:path';
import { UsageError } from '../../errors.ts';
import { writeAll } from '../file.ts';
import type { Reporter } from '../reporter.ts';

const neededBytes = 1024 * 1024;

/**
 * The event log: one JSON object a line, written as things happen. Throws a
 * UsageError before anything starts when the file cannot be written or there is
 * no room for it.
 */
export function logReporter(file: string): Reporter {
  const fd = openForWriting(file);
  return {
    name: 'log',
    on: (event) => void writeAll(fd, `${JSON.stringify(event)}\n`),
    end: () => closeSync(fd),
  };
}

function openForWriting(file: string): number {
  const shown = path.relative(process.cwd(), file);
  try {
    mkdirSync(path.dirname(file), { recursive: true });
    const { bavail, bsize } = statfsSync(path.dirname(file));
    if (bavail * bsize < neededBytes)
      throw new Error(`no space left: ${bavail * bsize} bytes are free, 1 MiB is needed`);
    closeSync(openSync(file, 'w'));
    const fd = openSync(file, 'a');
    // A device that takes no bytes says so only when it gets some.
    writeAll(fd, '\n');
    ftruncate(fd);
    return fd;
  } catch (error) {
    throw new UsageError(`the log ${shown} cannot be written: ${(error as Error).message}`);
  }
}

function ftruncate(fd: number): void {
  try {
    ftruncateSync(fd, 0);
  } catch {
    // A pipe or a terminal cannot be truncated; a reader of lines passes over the blank one.
  }
}
