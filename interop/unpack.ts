/** Peers are built where they lie, and beside a package nothing is written: they are built in a copy. */
import {
  chmodSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
} from 'node:fs';
import path from 'node:path';
import { packageFolder, rootFolder } from './folders.ts';

/** Beside the folders of peers: what they are built of, and what the build of an image is not to be given. */
const parts = ['proto', 'peers', '.dockerignore'];

/** Copies peers to where they are built, once for each package that was ever installed. */
export function unpack(): void {
  if (existsSync(rootFolder)) return;
  const isPart = (name: string) =>
    parts.includes(name) || existsSync(path.join(packageFolder, name, 'peer.json'));
  // Whole or not at all: another run may be at it.
  const draft = `${rootFolder}.${process.pid}`;
  mkdirSync(draft, { recursive: true });
  for (const part of readdirSync(packageFolder).filter(isPart))
    cpSync(path.join(packageFolder, part), path.join(draft, part), { recursive: true });
  makeWritable(draft);
  try {
    renameSync(draft, rootFolder);
  } catch (error) {
    rmSync(draft, { recursive: true, force: true });
    if (!existsSync(rootFolder)) throw error;
  }
}

/** What comes of files that are read-only is so as well, and could not be built in. */
function makeWritable(folder: string): void {
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    const file = path.join(folder, name);
    chmodSync(file, lstatSync(file).mode | 0o200);
  }
}
