import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type DurationsByLauncher, startDurations } from '../../outcome/durations.ts';
import type { Reporter } from '../reporter.ts';

/** How long cells took when they were played last, in a file that the next run reads. */
export function durationsReporter(file: string): Reporter {
  const durations = startDurations(readDurations(file));
  return {
    name: 'durations',
    on: durations.add,
    end() {
      mkdirSync(path.dirname(file), { recursive: true });
      // Another run may read it meanwhile.
      writeFileSync(`${file}.new`, JSON.stringify(durations.known()));
      renameSync(`${file}.new`, file);
    },
  };
}

/** What is known; nothing, where there is no such file or it cannot be read: it is no more than a help. */
export function readDurations(file: string): DurationsByLauncher {
  try {
    const known: unknown = JSON.parse(readFileSync(file, 'utf8'));
    return typeof known === 'object' && known !== null ? (known as DurationsByLauncher) : {};
  } catch {
    return {};
  }
}
