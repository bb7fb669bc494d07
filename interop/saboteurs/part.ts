/** One line of standard output, before it is text. */
export type Line = object;

/** One role, running. */
export interface Part {
  /** A line of standard input. */
  take(line: string): void;
  /** Takes nothing new; resolves when what is in flight has ended. */
  finish(): Promise<void>;
}
