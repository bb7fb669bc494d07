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
  const passedOver = new Set(without.map(bare));
  for (const folder of folders) {
    for (const file of (await below(folder, passedOver)).files) {
      hash
        .update(`${path.relative(folder, file)}\0`)
        .update(await readFile(file))
        .update('\0');
    }
  }
  return hash.digest('hex');
}

/** The folders whose files `digestOf` reads: this one and those below it, absolute if it is. */
export async function foldersBelow(folder: string, without: readonly string[]): Promise<readonly string[]> {
  const { folders } = await below(folder, new Set(without.map(bare)));
  return [folder, ...folders];
}

interface Below {
  readonly files: readonly string[];
  readonly folders: readonly string[];
}

/** What lies in the folder and the folders below it. */
async function below(folder: string, passedOver: ReadonlySet<string> = new Set()): Promise<Below> {
  const entries = (await readdir(folder, { withFileTypes: true })).filter(
    ({ name }) => !passedOver.has(name) && !isByProduct(name),
  );
  const files = entries.filter((entry) => entry.isFile());
  const folders = entries.filter((entry) => entry.isDirectory());
  const full = ({ name }: { readonly name: string }) => path.join(folder, name);
  const deeper = await Promise.all(folders.map((each) => below(full(each))));
  return {
    files: [...files.map(full), ...deeper.flatMap((each) => each.files)].sort(),
    folders: [...folders.map(full), ...deeper.flatMap((each) => each.folders)],
  };
}

function bare(name: string): string {
  return name.replace(/\/+$/, '');
}

function isByProduct(name: string): boolean {
  return ['node_modules', '.git', '__pycache__'].includes(name) || /^\..*_cache$/.test(name);
}
