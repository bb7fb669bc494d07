/** Sessions on disk: recorded between real peers, and those that broke the reader once. */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type Piece, parsePieces, printPieces } from './pieces.ts';

const folder = path.join(import.meta.dirname, 'seeds');

export interface Seed {
  readonly name: string;
  readonly pieces: readonly Piece[];
}

/** `recorded`: as they crossed, five calls each. `broken`: mutations of them. */
export function loadSeeds(kind: 'recorded' | 'broken'): readonly Seed[] {
  const of = path.join(folder, kind);
  // Nothing has broken it, as long as the folder is not there.
  const files = existsSync(of) ? readdirSync(of).filter((name) => name.endsWith('.txt')) : [];
  return files.toSorted().map((name) => ({
    name,
    pieces: parsePieces(readFileSync(path.join(of, name), 'utf8')),
  }));
}

/** Keeps what broke the reader, for the tests to replay. Returns the file. */
export function keepBroken(name: string, pieces: readonly Piece[]): string {
  const file = path.join(folder, 'broken', `${name}.txt`);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, printPieces(pieces));
  return file;
}
