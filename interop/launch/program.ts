import type { Readable, Writable } from 'node:stream';

/** A started program and its three streams, wherever it runs. */
export interface Program {
  readonly stdin: Writable;
  readonly stdout: Readable;
  readonly stderr: Readable;
  /** Resolves when the program is gone and all it said was read: `exit code 2`, `signal SIGKILL`. Never rejects. */
  readonly ended: Promise<Ending>;
  /** Where clients reach a port that the program has bound. */
  addressOf(port: number): string;
  /** For how many ms it, and who listens to it, have waited for a core so far; undefined: nobody knows. */
  waitedMs(): number | undefined;
  /** Asks it to stop (SIGTERM). */
  terminate(): Promise<void>;
  /** Ends it and all its children at once (SIGKILL). */
  kill(): Promise<void>;
}

export interface Ending {
  readonly how: string;
  /** It ended by itself with exit code 0. */
  readonly clean: boolean;
}
