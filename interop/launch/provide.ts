import { createHash } from 'node:crypto';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { workFolder } from '../folders.ts';

/** Writes a file that programs are to read; resolves to its absolute path, which is by its content. */
export async function writeProvided(content: Buffer, extension: string): Promise<string> {
  const digest = createHash('sha256').update(content).digest('hex').slice(0, 16);
  const file = path.join(workFolder, 'provided', `${digest}.${extension}`);
  await mkdir(path.dirname(file), { recursive: true });
  // Whole or not at all: another run may be reading it.
  const draft = `${file}.${crypto.randomUUID()}`;
  await writeFile(draft, content);
  await rename(draft, file);
  return file;
}
