export const prefix = 'reflect:';

/** The address in `reflect:127.0.0.1:50051`; undefined: it is a folder. */
export function reflectedAddress(word: string): string | undefined {
  return word.startsWith(prefix) ? word.slice(prefix.length) : undefined;
}
