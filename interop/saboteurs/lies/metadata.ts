import type { Metadatum } from '../../model/call.ts';
import type { Lie } from '../program/behaviour.ts';
import type { ServerStep } from '../program/lines.ts';

/** Something done to each text value. */
export function mapText(change: (text: string) => string): (entry: Metadatum) => Metadatum {
  return (entry) => ('text' in entry ? { ...entry, text: change(entry.text) } : entry);
}

/** Something done to the bytes of each binary value. */
export function mapBinary(change: (bytes: Buffer) => Uint8Array): (entry: Metadatum) => Metadatum {
  return (entry) =>
    'binary' in entry
      ? { ...entry, binary: Buffer.from(change(Buffer.from(entry.binary, 'base64'))).toString('base64') }
      : entry;
}

/** Only the first value of each key. */
export function firstValues(entries: readonly Metadatum[]): readonly Metadatum[] {
  return entries.filter((entry, index) => entries.findIndex(({ key }) => key === entry.key) === index);
}

/** Only the last value of each key. */
export function lastValues(entries: readonly Metadatum[]): readonly Metadatum[] {
  return entries.filter((entry, index) => entries.findLastIndex(({ key }) => key === entry.key) === index);
}

/** What the harness tells the server, rather than what a scenario sends. */
export function isInstruction(entry: Metadatum): boolean {
  return entry.key.startsWith('stitch-');
}

type Change = (entries: readonly Metadatum[]) => readonly Metadatum[];

/** Something done to request metadata, before the server uses or records it. */
export function requestMetadata(change: Change): Lie {
  return { sees: (call) => ({ ...call, metadata: change(call.metadata) }) };
}

/** Something done to the response headers that a script has. */
export function headers(change: Change): Lie {
  return steps((step) =>
    'headers' in step ? [{ headers: { entries: change(step.headers.entries ?? []) } }] : [step],
  );
}

/** Something done to the trailers that a script has. */
export function trailers(change: Change): Lie {
  return steps((step) =>
    'end' in step ? [{ end: { ...step.end, trailers: change(step.end.trailers ?? []) } }] : [step],
  );
}

/** Something done to all metadata that a server sees and sends. */
export function allMetadata(change: Change): Lie {
  const [a, b] = [headers(change), trailers(change)];
  return {
    ...requestMetadata(change),
    plays: (script) => b.plays?.(a.plays?.(script) ?? script) ?? script,
  };
}

/** Plays other steps than a script has. */
export function steps(change: (step: ServerStep) => readonly ServerStep[]): Lie {
  return { plays: (script) => ({ ...script, steps: (script.steps ?? []).flatMap(change) }) };
}
