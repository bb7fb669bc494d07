/** One line that a program wrote on standard error. */
export interface LogLine {
  /** When its first piece came: since the cell began, to 0.01 ms. */
  readonly atMs: number;
  /** Without its end of line. */
  readonly text: string;
}

/** What each side wrote on standard error while a cell ran. What was cut has a line that says so. */
export interface Logs {
  readonly client: readonly LogLine[];
  readonly server: readonly LogLine[];
}
