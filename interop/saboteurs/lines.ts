/** The lines of proto/peer.proto, from the peer's end. */
import type { Call, CallRecord, Metadatum, ServedRecord } from '../model/call.ts';

type Json = Readonly<Record<string, unknown>>;

/** A `Call` line; `kind` is no part of the model, which knows one. */
export function decodeCall(line: string): Call & { readonly kind: string } {
  const json = JSON.parse(line) as Json;
  const timeoutMs = milliseconds(json.timeout);
  const cancelAfterMs = milliseconds(json.cancelAfter);
  return {
    id: text(json.id),
    kind: text(json.kind),
    address: text(json.address),
    channel: text(json.channel),
    method: text(json.method),
    name: text((json.request as Json | undefined)?.name),
    metadata: (json.metadata as readonly Metadatum[] | undefined) ?? [],
    ...(timeoutMs !== undefined && { timeoutMs }),
    ...(cancelAfterMs !== undefined && { cancelAfterMs }),
    ...(json.waitForReady === true && { waitForReady: true as const }),
    ...(json.compression === 'gzip' && { compression: 'gzip' as const }),
  };
}

export function encodeCallRecord({ elapsedMs, ...record }: CallRecord): Json {
  return { ended: { ...record, elapsed: duration(elapsedMs) } };
}

export function encodeServedRecord({ name, timeRemainingMs, ...record }: ServedRecord): Json {
  const timeRemaining = timeRemainingMs === undefined ? {} : { timeRemaining: duration(timeRemainingMs) };
  return { served: { ...record, request: { name }, ...timeRemaining } };
}

function duration(ms: number): string {
  return `${(ms / 1000).toFixed(6)}s`;
}

function milliseconds(value: unknown): number | undefined {
  return value === undefined ? undefined : Number.parseFloat(text(value)) * 1000;
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
