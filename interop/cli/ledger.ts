/** What is known to fail, from the files that tell of it. */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Contracts } from '../contract/contract.ts';
import { packageFolder } from '../folders.ts';
import { namesVersion } from '../peers/version.ts';
import { joined, type Ledger, readLedger } from '../plan/ledger.ts';
import type { Options } from './options.ts';

/**
 * Of the project's contracts its own list, and what lies beside the manifests of peers from elsewhere; of other
 * contracts the first one's, if it has one. Rejects with a UsageError where one is wrong.
 */
export async function ledgerOf(
  { contracts, peers }: Pick<Options, 'contracts' | 'peers'>,
  [contract]: Contracts['contracts'],
): Promise<Ledger> {
  const isOwn = contracts.length === 0;
  const elsewhere = peers.filter((word) => !namesVersion(word)).map((file) => path.dirname(file));
  const folders = isOwn ? [packageFolder, ...elsewhere] : [contract?.folder ?? []].flat();
  const files = [...new Set(folders.map((folder) => path.resolve(folder, 'ledger.json')))];
  const found = files.filter((file, index) => (isOwn && index === 0) || existsSync(file));
  const ledgers = found.map(async (file) =>
    readLedger(path.relative(process.cwd(), file), await readFile(file, 'utf8')),
  );
  return joined(await Promise.all(ledgers));
}
