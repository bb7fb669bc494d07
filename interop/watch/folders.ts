import { EventEmitter, once } from 'node:events';
import { type FSWatcher, watch } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { UsageError } from '../errors.ts';

/** So long nothing may happen before somebody looks: a program that saves does it in several steps. */
const quietMs = 200;

/** Says that something may have happened in folders; what, is for a digest to say. */
export interface FolderWatch extends Disposable {
  /**
   * Watches these folders, without those below them, and no others. Each is opened
   * anew: one that was removed and made again is another folder of the same name.
   * Throws a UsageError when the system watches no more.
   */
  open(folders: readonly string[]): void;
  /** Resolves when something has happened since the last time, and then nothing for 200 ms. Rejects when the signal is aborted. */
  settled(signal: AbortSignal): Promise<void>;
}

export function watchFolders(): FolderWatch {
  const hints = new EventEmitter();
  let watchers: readonly FSWatcher[] = [];
  let isUnsettled = false;

  function hint(): void {
    isUnsettled = true;
    hints.emit('hint');
  }

  function watched(folder: string): readonly FSWatcher[] {
    try {
      return [watch(folder, hint).on('error', hint)];
    } catch (error) {
      // It has just gone, which the folder above tells.
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
      throw new UsageError(`${folder} cannot be watched: ${(error as Error).message}`);
    }
  }

  function close(): void {
    for (const watcher of watchers) watcher.close();
    watchers = [];
  }

  return {
    open(folders) {
      const opened = folders.flatMap(watched);
      close();
      watchers = opened;
    },
    async settled(signal) {
      if (!isUnsettled) await once(hints, 'hint', { signal });
      while (isUnsettled) {
        isUnsettled = false;
        await sleep(quietMs, undefined, { signal });
      }
    },
    [Symbol.dispose]: close,
  };
}
