import path from 'node:path';
import type { Command } from '../model/peer.ts';

/** The command to be run for one of a manifest: a first word with a slash is relative to the manifest's folder. */
export function resolved(
  [file, ...args]: Command,
  folder: string,
): readonly [file: string, args: readonly string[]] {
  return [file.includes('/') ? path.resolve(folder, file) : file, args];
}
