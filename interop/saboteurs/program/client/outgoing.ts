/** A call on its way, and what comes of it. */
import type { Method } from '../../../messages/types.ts';
import type { Code } from '../../../model/status.ts';
import type { Frame } from '../grpc/frame.ts';
import type { Tally } from '../grpc/tally.ts';
import type { Call, ClientStep, Ended, Status } from '../lines.ts';

/** A step, its message ready to be sent. */
export type ReadyStep =
  | Exclude<ClientStep, { readonly send: string }>
  | { readonly frame: Frame; readonly times: number };

/** A call on its way. */
export interface Outgoing {
  readonly call: Call;
  readonly method: Method;
  readonly steps: readonly ReadyStep[];
  /** What was done so far. */
  readonly progress: { sent: number; readonly responses: Tally };
  /** The call was given up: by a step, or at its deadline. */
  readonly signal: AbortSignal;
  giveUp(code: Code, message: string): void;
}

export type Result = Pick<Ended, 'status' | 'headers' | 'trailers'>;

export function failure(code: Status['code'], message: string): Result {
  return { status: { code, message }, headers: [], trailers: [] };
}
