/** One thing that must be so. */
export interface Check {
  /** What holds when all is well: `announces its port`. Unique within its section. */
  readonly name: string;
  /** Where it is listed: `as a process`. Empty: before all sections. */
  readonly section: string;
  /** Checks before it without which it tells nothing. */
  readonly needs: readonly Check[];
  /** For the person who can act, when it fails; may be empty. */
  readonly hint: string;
  /**
   * Resolves to a short remark (it may be empty) when it holds. Rejects with an Error
   * whose message says what is wrong, with NotTried or Missing, or with the signal's reason.
   */
  run(signal: AbortSignal): Promise<string>;
}

/** These checks, each behind what it needs. */
export function withNeeds(checks: readonly Check[]): readonly Check[] {
  return [...new Set(checks.flatMap((check) => [...withNeeds(check.needs), check]))];
}

/** What came of a check. Nothing but `passed` is good news. */
export type Result =
  | { readonly kind: 'passed'; readonly check: Check; readonly remark: string; readonly durationMs: number }
  | { readonly kind: 'failed'; readonly check: Check; readonly problem: string }
  /** `why` goes on behind the name: `not tried: it does not claim wait`. */
  | { readonly kind: 'untried'; readonly check: Check; readonly why: string }
  /** It is not there, and can be done without: `why` says what, and who would use it. */
  | { readonly kind: 'missing'; readonly check: Check; readonly why: string };

/** The check does not apply here; the message says why. It is no failure, and never green. */
export class NotTried extends Error {
  override readonly name = 'NotTried';
}

/** It is not there, and can be done without. It is no failure, and never green. */
export class Missing extends Error {
  override readonly name = 'Missing';
}

/** Something is wrong that is no peer's doing at run time: a manifest, the machine. The hint goes before the check's own. */
export class Wrong extends Error {
  override readonly name = 'Wrong';

  constructor(what: string, hint = '') {
    super(hint === '' ? what : `${what}\n  hint: ${hint}`);
  }
}
