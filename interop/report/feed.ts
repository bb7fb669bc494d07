import { EventEmitter, once } from 'node:events';
import type { RunEvent } from '../model/event.ts';

/** How far the log has come, for those who read it while it is written. */
export interface Feed {
  /** The log's file; it is the only store. */
  readonly file: string;
  /** Which log it is: a later run in the same file has a greater number. */
  readonly generation: number;
  /** Whole lines of this generation that are in the file. */
  readonly lines: number;
  /** Nothing comes behind these lines. */
  readonly isEnded: boolean;
  /** Counts an event whose line has been written. A `run-started` begins a generation. */
  count(event: RunEvent): void;
  end(): void;
  /** Resolves at the next change of one of these; rejects when the signal is aborted. */
  changed(signal: AbortSignal): Promise<void>;
}

/** `first` is the number of the first generation. */
export function makeFeed(file: string, first: number): Feed {
  const changes = new EventEmitter().setMaxListeners(0);
  let generation = first;
  let lines = 0;
  let isEnded = false;
  return {
    file,
    get generation() {
      return generation;
    },
    get lines() {
      return lines;
    },
    get isEnded() {
      return isEnded;
    },
    count(event) {
      if (event.type === 'run-started' && lines > 0) {
        generation += 1;
        lines = 0;
      }
      lines += 1;
      changes.emit('change');
    },
    end() {
      isEnded = true;
      changes.emit('change');
    },
    async changed(signal) {
      await once(changes, 'change', { signal });
    },
  };
}
