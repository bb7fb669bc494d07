import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { UsageError } from '../errors.ts';
import { rootFolder } from '../folders.ts';

/** The manifest of the peer to be examined: it may be wrong in every other way. */
export interface Patient {
  /** Absolute path of its `peer.json`. */
  readonly file: string;
  /** The manifests of all other peers. */
  readonly others: readonly string[];
}

/** The manifest whose folder or `name` is that. Throws a UsageError that lists what there is. */
export function patientNamed(name: string): Patient {
  const files = manifests();
  const file =
    files.find((each) => folderName(each) === name) ??
    files.find((each) => readFileSync(each, 'utf8').includes(`"name": ${JSON.stringify(name)}`));
  if (file) return { file, others: files.filter((each) => each !== file) };
  throw new UsageError(
    `no peer is named ${name}; there are ${files.map(folderName).join(' ')}\n  hint: npm run interop -- new ${name} makes one`,
  );
}

function folderName(file: string): string {
  return path.basename(path.dirname(file));
}

/** Where peers/find.ts looks for them as well. */
function manifests(): readonly string[] {
  return [rootFolder, path.join(rootFolder, 'peers')]
    .filter((folder) => existsSync(folder))
    .flatMap((folder) =>
      readdirSync(folder, { withFileTypes: true })
        .filter((entry) => entry.isDirectory())
        .map((entry) => path.join(folder, entry.name, 'peer.json')),
    )
    .filter((file) => existsSync(file))
    .toSorted();
}
