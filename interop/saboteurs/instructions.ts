/** The keys of a call's metadata that a server obeys; docs/peer-contract.md. */
import type { Metadatum } from '../model/call.ts';
import { Code } from '../model/status.ts';
import type { Answer } from './manners.ts';

export interface Instructions {
  readonly callId: string;
  readonly headers: readonly Metadatum[];
  readonly trailers: readonly Metadatum[];
  readonly sendsHeadersNow: boolean;
  readonly waitMs: number;
  /** In place of looking the name up. */
  readonly answer?: Answer;
  readonly repliesWithGzip: boolean;
}

/** A value that is malformed becomes the answer. */
export function readInstructions(metadata: readonly Metadatum[]): Instructions {
  const value = (key: string) => textOf(metadata.find((entry) => entry.key === key));
  const malformed = Object.entries(forms).find(([key, form]) => !(value(key) ?? '').match(form));
  const code = Number(value('stitch-status-code') ?? 0);
  const message = value('stitch-status-message-bin') ?? '';
  const answer = malformed
    ? { code: Code.INVALID_ARGUMENT, message: `${malformed[0]} is malformed` }
    : code > 0 && { code, message };
  return {
    callId: value('stitch-call-id') ?? '',
    headers: withPrefix('stitch-header-', metadata),
    trailers: withPrefix('stitch-trailer-', metadata),
    sendsHeadersNow: value('stitch-send-headers') === 'now',
    waitMs: malformed ? 0 : Number(value('stitch-wait-ms') ?? 0),
    ...(answer && { answer }),
    repliesWithGzip: value('stitch-reply-encoding') === 'gzip',
  };
}

/** What each value must look like when there is one. */
const forms: Readonly<Record<string, RegExp>> = {
  'stitch-wait-ms': /^(\d{1,4}|[1-5]\d{4}|60000)?$/,
  'stitch-status-code': /^([1-9]|1[0-6])?$/,
  'stitch-send-headers': /^(now)?$/,
  'stitch-reply-encoding': /^(gzip)?$/,
};

function withPrefix(prefix: string, metadata: readonly Metadatum[]): readonly Metadatum[] {
  return metadata
    .filter((entry) => entry.key.startsWith(prefix))
    .map((entry) => ({ ...entry, key: entry.key.slice(prefix.length) }));
}

function textOf(entry: Metadatum | undefined): string | undefined {
  if (!entry) return undefined;
  return 'text' in entry ? entry.text : Buffer.from(entry.binary, 'base64').toString('utf8');
}
