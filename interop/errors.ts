/** The command line, a manifest or the ledger is wrong: nothing was started. Exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
