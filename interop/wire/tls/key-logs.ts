import { open, stat } from 'node:fs/promises';
import { type KeyLog, makeKeyLog, type Secrets } from './secrets.ts';

/** Files in which programs tell their keys, while they do. */
export interface KeyLogs {
  add(file: string | undefined): void;
  /** Reads what is new in them. */
  read(): Promise<void>;
  readonly secrets: Secrets;
}

interface Tail {
  readonly file: string;
  readonly log: KeyLog;
  at: number;
}

export function readKeyLogs(): KeyLogs {
  const tails: Tail[] = [];
  let reading: Promise<unknown> | undefined;

  async function readOn(tail: Tail): Promise<void> {
    // It may have gone with its program. Of dozens that are asked for again and again, hardly any has grown.
    const { size } = await stat(tail.file).catch(() => ({ size: 0 }));
    if (size <= tail.at) return;
    const handle = await open(tail.file).catch(() => undefined);
    if (!handle) return;
    try {
      const { buffer, bytesRead } = await handle.read(
        Buffer.alloc(size - tail.at),
        0,
        size - tail.at,
        tail.at,
      );
      tail.at += bytesRead;
      tail.log.add(buffer.toString('latin1', 0, bytesRead));
    } finally {
      await handle.close();
    }
  }

  return {
    add(file) {
      if (file !== undefined) tails.push({ file, log: makeKeyLog(), at: 0 });
    },
    async read() {
      // Whoever asks meanwhile is not to read the same bytes.
      reading ??= Promise.all(tails.map(readOn)).finally(() => {
        reading = undefined;
      });
      await reading;
    },
    secrets: (random, label) => tails.flatMap(({ log }) => log.secrets(random, label)),
  };
}
