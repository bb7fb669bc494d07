/** One sentence for a person, on standard error. */
export function complain(sentence: string): void {
  process.stderr.write(`${sentence}\n`);
}
