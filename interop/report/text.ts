/** Parts of sentences that several outputs share. */

/**
 * What a peer said, safe for a terminal and readable as far as that goes: control characters and direction
 * overrides are spelled out. A tab moves nothing but what is behind it, and a carriage return nothing at the end of a line.
 */
export function printable(text: string): string {
  return text.replaceAll(/\r+(?=\n|$)/g, '').replace(
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
    /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g,
    (character) => `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`,
  );
}

/** `4.1 s`, `280 ms`, `3 min 5 s`. Rounded first, so that no minute has 60 seconds. */
export function duration(ms: number): string {
  if (Math.round(ms) < 1000) return `${Math.round(ms)} ms`;
  if (Math.round(ms / 100) < 600) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

/** `1 cell`, `3 cells`. */
export function count(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? '' : 's'}`;
}
