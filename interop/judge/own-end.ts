/** Calls that the client is to end by itself. */
import type { CallSpec } from '../model/call.ts';
import type { Expectation } from '../model/scenario.ts';
import { Code } from '../model/status.ts';
import type { WireStream } from '../model/wire.ts';

/** The client is to cancel it. */
export function cancels({ steps }: CallSpec): boolean {
  return steps.some((step) => 'cancel' in step);
}

/** However far it has come by then: it may be over before it crosses, or reach a handler, or be answered meanwhile. */
export function mayEndAnywhere({ served, code }: Expectation): boolean {
  return served === 'either' && (code === Code.CANCELLED || code === Code.DEADLINE_EXCEEDED);
}

/** After so long the client is to end it, whatever the server does; Infinity: it is not. */
export function ownEndMs(spec: CallSpec): number {
  const waits = spec.steps.reduce((sum, step) => sum + ('waitMs' in step ? step.waitMs : 0), 0);
  // What it receives before it cancels takes as long as it takes.
  const receives = spec.steps.some((step) => 'receive' in step);
  return Math.min(spec.timeoutMs ?? Infinity, cancels(spec) && !receives ? waits : Infinity);
}

/**
 * `endMs`: when the client ended the call, on the clock of the frames. At its deadline it has to, and it is the
 * server that was silent. It counts from before its request crossed, by as long as it takes to connect.
 */
export function isAtDeadline({ timeoutMs }: CallSpec, stream: WireStream, endMs: number): boolean {
  if (timeoutMs === undefined) return false;
  const askedMs = askedAtMs(stream);
  return askedMs === undefined || endMs - askedMs >= timeoutMs / 2;
}

/** When its request crossed, on the clock of the frames. */
function askedAtMs({ frames, request }: WireStream): number | undefined {
  return frames.find(({ number }) => number === request.headersFrame)?.atMs;
}

/** A timer may be late by so much. */
const lateMs = 1_000;

/**
 * Whether the client had long been to cancel, when the call was ended at `endMs` on the clock of the frames: what is
 * to come before that has come, and its time is up. Two moments on one wire: no other clock has a say.
 */
export function isCancelOverdue({ steps }: CallSpec, stream: WireStream, endMs: number): boolean {
  const { frames, response } = stream;
  let dueMs = askedAtMs(stream) ?? Infinity;
  let received = 0;
  for (const step of steps) {
    if ('cancel' in step) return endMs - dueMs > lateMs;
    if ('waitMs' in step) dueMs += step.waitMs;
    if ('receive' in step) {
      received = step.receive < 0 ? Infinity : received + step.receive;
      const { frame } = response.messages[received - 1] ?? {};
      dueMs = Math.max(dueMs, frames.find(({ number }) => number === frame)?.atMs ?? Infinity);
    }
  }
  return false;
}
