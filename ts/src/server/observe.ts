// What a call brought, as the library gives it to a handler.
import type { ServerUnaryCall } from '@grpc/grpc-js';
import { formatDuration } from '../lines/duration.ts';
import { toEntries } from '../lines/metadata.ts';
import type { Duration, ServedRecord } from '../lines/types.ts';
import type { Expirement, NameRequest } from '../service/messages.ts';

/** The part of the record that is known when the handler begins. */
export function observe(call: ServerUnaryCall<NameRequest, Expirement>): ServedRecord {
  return {
    callId: String(call.metadata.get('stitch-call-id')[0] ?? ''),
    method: call.getPath(),
    request: call.request,
    metadata: toEntries(call.metadata),
    ...timeRemaining(Number(call.getDeadline())),
  };
}

/** Infinity is the library's word for no deadline. */
function timeRemaining(deadline: number): { readonly timeRemaining?: Duration } {
  return Number.isFinite(deadline) ? { timeRemaining: formatDuration(deadline - Date.now()) } : {};
}
