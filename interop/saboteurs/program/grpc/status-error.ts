import { Code } from '../../../model/status.ts';
import type { Status } from '../lines.ts';

/** Why a call ends with that status, told by whoever finds out. */
export class StatusError extends Error {
  readonly code: Code;

  constructor(code: Code, message: string) {
    super(message);
    this.code = code;
  }
}

/** The status with which a call ends over the error. */
export function statusOf(error: unknown): Status {
  const { message } = error as Error;
  return { code: error instanceof StatusError ? error.code : Code.INTERNAL, message };
}
