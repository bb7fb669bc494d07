/** One process at a time, of all that build the same. */
import { randomUUID } from 'node:crypto';
import { link, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** How often it is looked whether the other one is done. */
const lookMs = 100;

/**
 * Acts while no other process does that names the same file, and resolves to what comes of it. A process that is
 * gone holds nothing. Rejects with the signal's reason while it waits.
 */
export async function alone<T>(file: string, signal: AbortSignal, act: () => Promise<T>): Promise<T> {
  const own = `${process.pid} ${randomUUID()}`;
  await mkdir(path.dirname(file), { recursive: true });
  while (!(await isCreated(file, own))) {
    signal.throwIfAborted();
    const holder = await readFile(file, 'utf8').catch(() => '');
    if (holder !== '' && isGone(holder)) await remove(file, holder);
    else await sleep(lookMs);
  }
  try {
    return await act();
  } finally {
    await rm(file, { force: true });
  }
}

/** The file comes to be with its text in it, so that nobody finds it empty. */
async function isCreated(file: string, text: string): Promise<boolean> {
  const draft = `${file}.${randomUUID()}`;
  await writeFile(draft, text);
  try {
    await link(draft, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    return false;
  } finally {
    await rm(draft, { force: true });
  }
}

function isGone(holder: string): boolean {
  try {
    process.kill(Number.parseInt(holder, 10), 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
}

/** Unless somebody else was quicker, and it is theirs by now. */
async function remove(file: string, holder: string): Promise<void> {
  const aside = `${file}.${randomUUID()}`;
  try {
    await rename(file, aside);
  } catch {
    return;
  }
  if ((await readFile(aside, 'utf8')) !== holder) await link(aside, file).catch(() => {});
  await rm(aside, { force: true });
}
