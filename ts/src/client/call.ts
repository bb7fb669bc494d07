// One line into the client, read.
import { parseDuration } from '../lines/duration.ts';
import type { Metadatum } from '../lines/types.ts';
import type { NameRequest } from '../service/messages.ts';

/** The message Call of ../../../proto/peer.proto, with defaults filled in and durations in milliseconds. */
export interface Call {
  readonly id: string;
  readonly kind: string;
  readonly address: string;
  readonly channel: string;
  readonly method: string;
  readonly request: NameRequest;
  readonly metadata: readonly Metadatum[];
  readonly timeoutMs: number | undefined;
  readonly cancelAfterMs: number | undefined;
  readonly isWaitingForReady: boolean;
  readonly compression: string;
}

/** Reads one line of proto3 JSON, where a member may have either of its names; throws a sentence. */
export function parseCall(line: string): Call {
  const json = JSON.parse(line);
  if (typeof json?.id !== 'string') throw new Error(`no id in ${line.slice(0, 200)}`);
  return {
    id: json.id,
    kind: json.kind ?? '',
    address: json.address ?? '',
    channel: json.channel ?? '',
    method: json.method ?? '',
    request: { name: json.request?.name ?? '' },
    metadata: json.metadata ?? [],
    timeoutMs: durationMs(json.timeout),
    cancelAfterMs: durationMs(json.cancelAfter ?? json.cancel_after),
    isWaitingForReady: json.waitForReady ?? json.wait_for_ready ?? false,
    compression: json.compression ?? '',
  };
}

function durationMs(json: unknown): number | undefined {
  return json === undefined || json === null ? undefined : parseDuration(json);
}
