/** Calls that the client is to end by itself. */
import type { CallSpec } from '../model/call.ts';
import type { WireStream } from '../model/wire.ts';

/** The client is to cancel it. */
export function cancels({ steps }: CallSpec): boolean {
  return steps.some((step) => 'cancel' in step);
}

/** After so long the client is to end it, whatever the server does; Infinity: it is not. */
export function ownEndMs(spec: CallSpec): number {
  const waits = spec.steps.reduce((sum, step) => sum + ('waitMs' in step ? step.waitMs : 0), 0);
  // What it receives before it cancels takes as long as it takes.
  const receives = spec.steps.some((step) => 'receive' in step);
  return Math.min(spec.timeoutMs ?? Infinity, cancels(spec) && !receives ? waits : Infinity);
}

/**
 * `reset`: the frame in which the client ended the call. At its deadline it has to, and it is the server
 * that was silent. It counts from before its request crossed, by as long as it takes to connect.
 */
export function isAtDeadline(
  { timeoutMs }: CallSpec,
  { frames, request }: WireStream,
  reset: number,
): boolean {
  if (timeoutMs === undefined) return false;
  const atMs = (frame?: number) => frames.find(({ number }) => number === frame)?.atMs;
  const [askedMs, resetMs] = [atMs(request.headersFrame), atMs(reset)];
  return askedMs === undefined || resetMs === undefined || resetMs - askedMs >= timeoutMs / 2;
}
