import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';

/**
 * SHA-256 over the names and contents of all files below the folders, in hex.
 * Entries named in `without`, at the top of a folder, are passed over; installed
 * packages and caches are, wherever they lie.
 */
export async function digestOf(folders: readonly string[], without: readonly string[]): Promise<string> {
  const hash = createHash('sha256');
  const passedOver = new Set(without.map((name) => name.replace(/\/+$/, '')));
  for (const folder of folders) {
    for (const file of await filesBelow(folder, passedOver)) {
      hash
        .update(`${path.relative(folder, file)}\0`)
        .update(await readFile(file))
        .update('\0');
    }
  }
  return hash.digest('hex');
}

async function filesBelow(
  folder: string,
  passedOver: ReadonlySet<string> = new Set(),
): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const found = await Promise.all(
    entries
      .filter((entry) => !passedOver.has(entry.name) && !isByProduct(entry.name))
      .map((entry) => {
        const full = path.join(folder, entry.name);
        if (entry.isDirectory()) return filesBelow(full);
        return entry.isFile() ? [full] : [];
      }),
  );
  return found.flat().sort();
}

function isByProduct(name: string): boolean {
  return ['node_modules', '.git', '__pycache__'].includes(name) || /^\..*_cache$/.test(name);
}
