import type { RunEvent } from '../model/event.ts';

/** One output. Reads events and nothing else. */
export interface Reporter {
  /** For the sentence that says which one failed: `terminal`. */
  readonly name: string;
  on(event: RunEvent): void | Promise<void>;
  /** A sentence for the person who watches, which is no part of the result. */
  note?(sentence: string): void;
  /** After the last event, of a live run or of a log. */
  end?(): void | Promise<void>;
}

/** Several outputs as one, which never throws. */
export interface Multiplexer extends Reporter {
  /** What went wrong with reporters, as sentences; they were switched off. */
  readonly failures: readonly string[];
}

/** Gives each event to each reporter in turn. One that throws is switched off, and the others go on. */
export function multiplex(reporters: readonly Reporter[], complain: (sentence: string) => void): Multiplexer {
  const working = new Set(reporters);
  const failures: string[] = [];

  async function each(act: (reporter: Reporter) => void | Promise<void>): Promise<void> {
    for (const reporter of working) {
      try {
        const pending = act(reporter);
        if (pending) await pending;
      } catch (error) {
        working.delete(reporter);
        const sentence = `the ${reporter.name} reporter failed and is switched off: ${(error as Error).message}`;
        failures.push(sentence);
        complain(sentence);
      }
    }
  }

  return {
    name: 'multiplexer',
    failures,
    on: (event) => each((reporter) => reporter.on(event)),
    note: (sentence) => void each((reporter) => reporter.note?.(sentence)),
    end: () => each((reporter) => reporter.end?.()),
  };
}
