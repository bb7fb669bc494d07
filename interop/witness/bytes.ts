/** Bytes that are kept as Latin-1 text, a character a byte, in a way that every platform has. */

/** What the bytes say as UTF-8; U+FFFD where they say nothing. */
export function utf8Of(latin1: string): string {
  const bytes = Uint8Array.from(latin1, (character) => character.charCodeAt(0));
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
}

/** The same bytes as padded base64, whichever way they were written: without padding, with the URL's alphabet, with stray characters. */
export function paddedBase64(text: string): string {
  const [digits = ''] = text.replaceAll('-', '+').replaceAll('_', '/').split('=', 1);
  const known = digits.replaceAll(/[^A-Za-z0-9+/]/g, '');
  // One digit alone is no byte.
  const whole = known.length % 4 === 1 ? known.slice(0, -1) : known;
  return btoa(atob(whole));
}
