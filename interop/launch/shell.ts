/** What a POSIX shell is told to run a program (POSIX.1-2017, Shell Command Language). */

export interface Run {
  /** The program and its arguments. */
  readonly words: readonly string[];
  readonly env: Readonly<Record<string, string>> | undefined;
  /** What it reads, whole. */
  readonly input: Buffer;
  /** What the shell says on both outputs when it has ended; on standard output its exit code follows. */
  readonly mark: string;
}

/**
 * One line for the shell. The input comes from its own `printf`, so that a program finds the end of
 * it, none of the shell's lines, and no limit of arguments.
 */
export function lineOf({ words, env, input, mark }: Run): Buffer {
  const variables = Object.entries(env ?? {}).map(([name, value]) => `${name}=${quoted(value)}`);
  const program = [...variables, ...words.map(quoted)].join(' ');
  const ended = `printf '%s%d\\n' ${quoted(mark)} $?; printf '%s\\n' ${quoted(mark)} >&2`;
  return Buffer.concat([inputOf(input), Buffer.from(` | ${program}; ${ended}\n`)]);
}

/** The line at which a shell says the mark and nothing else. */
export function lineOfMark(mark: string): string {
  return `printf '%s\\n' ${quoted(mark)}\n`;
}

/** A shell's words cannot hold a NUL; its `printf` can say one. */
function inputOf(input: Buffer): Buffer {
  // Bytes that are no UTF-8 stay what they are.
  const parts = input.toString('latin1').split('\0');
  const said = parts.map((part) => `printf %s ${quoted(part)}`).join("; printf '\\000'; ");
  return Buffer.from(`{ ${said}; }`, 'latin1');
}

/** "Enclosing characters in single-quotes shall preserve the literal value of each character within the single-quotes." */
function quoted(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`;
}
