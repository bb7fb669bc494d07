import type { Messages } from '../lines.ts';

/** Messages for a record: "equal neighbouring messages are one entry". */
export interface Tally {
  add(bytes: Uint8Array): void;
  count(): number;
  entries(): readonly Messages[];
}

export function makeTally(): Tally {
  const entries: { bytes: string; times: number }[] = [];
  return {
    add(bytes) {
      const base64 = Buffer.from(bytes).toString('base64');
      const last = entries.at(-1);
      if (last?.bytes === base64) last.times += 1;
      else entries.push({ bytes: base64, times: 1 });
    },
    count: () => entries.reduce((sum, { times }) => sum + times, 0),
    entries: () => entries.map(({ bytes, times }) => (times === 1 ? { bytes } : { bytes, times })),
  };
}
