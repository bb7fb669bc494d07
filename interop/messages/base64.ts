/**
 * `Uint8Array.prototype.setFromBase64` (ECMAScript 2026) for a Node that does not have it yet. The library that reads
 * ProtoJSON takes it where it is there, and else reads megabytes character by character at every start. To be imported
 * before that library.
 */
const canonical = /^[A-Za-z0-9+/]*={0,2}$/;

/** What is not plain base64 is not read at all, and left to the library's own way. */
export function setFromBase64(this: Uint8Array, text: string): { read: number; written: number } {
  if (text.length % 4 !== 0 || !canonical.test(text)) return { read: 0, written: 0 };
  const bytes = Buffer.from(this.buffer, this.byteOffset, this.byteLength);
  return { read: text.length, written: bytes.write(text, 'base64') };
}

if (!('setFromBase64' in Uint8Array.prototype))
  Object.defineProperty(Uint8Array.prototype, 'setFromBase64', {
    value: setFromBase64,
    configurable: true,
    writable: true,
  });
