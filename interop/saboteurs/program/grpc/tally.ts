import type { Messages } from '../lines.ts';

/** Messages for a record: "equal neighbouring messages are one entry". */
export interface Tally {
  add(bytes: Uint8Array): void;
  count(): number;
  entries(): readonly Messages[];
}

export function makeTally(): Tally {
  const entries: { readonly bytes: Buffer; times: number }[] = [];
  return {
    add(bytes) {
      const last = entries.at(-1);
      if (last?.bytes.equals(bytes)) last.times += 1;
      else entries.push({ bytes: Buffer.from(bytes), times: 1 });
    },
    count: () => entries.reduce((sum, { times }) => sum + times, 0),
    entries: () =>
      entries.map(({ bytes, times }) => ({
        bytes: bytes.toString('base64'),
        ...(times > 1 && { times }),
      })),
  };
}
