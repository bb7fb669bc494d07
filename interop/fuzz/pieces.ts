/** What crossed a connection: bytes of either side in the order in which they passed. As a text, a line each. */
import type { Role } from '../model/peer.ts';

export interface Piece {
  readonly from: Role;
  readonly bytes: Buffer;
}

/** `client 505249…`, one line a piece. */
export function printPieces(pieces: readonly Piece[]): string {
  return pieces.map(({ from, bytes }) => `${from} ${bytes.toString('hex')}\n`).join('');
}

/** The other way round. Throws when a line is something else. */
export function parsePieces(text: string): readonly Piece[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const [from, hex] = line.split(' ');
      if (from !== 'client' && from !== 'server') throw new Error(`wanted client or server, got ${from}`);
      return { from, bytes: Buffer.from(hex ?? '', 'hex') };
    });
}
