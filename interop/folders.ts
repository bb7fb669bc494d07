import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** Where the program lies, with the contracts that it brings. */
export const packageFolder = path.resolve(fileURLToPath(new URL('..', import.meta.url)));

/** A package has its sources built (interop/pack), and nothing is written beside it: it may be read-only. */
export const isPackage = path.extname(import.meta.filename) === '.js';

/** What the harness makes for itself, all of it safe to delete. */
export const workFolder = isPackage
  ? path.join(cacheHome(), 'stitch')
  : path.join(packageFolder, 'interop', 'out');

/** What peers are built of, and where: proto/ and their folders. Of a package a copy, which unpack.ts makes. */
export const rootFolder = isPackage ? path.join(workFolder, 'tree', packed()) : packageFolder;

/** The service under test and the peers' messages. */
export const protoFolder = path.join(rootFolder, 'proto');

/** Where somebody's own peers, contracts and settings are looked for. */
export const projectFolder = isPackage ? process.cwd() : packageFolder;

/** Where a run leaves what it found, unless it is told. */
export const outFolder = isPackage ? path.join(projectFolder, 'stitch-out') : workFolder;

/** "All paths set in these environment variables must be absolute. If an implementation encounters a relative path … it should consider the path invalid and ignore it" (XDG Base Directory Specification). */
function cacheHome(): string {
  const { XDG_CACHE_HOME: named } = process.env;
  return named && path.isAbsolute(named) ? named : path.join(homedir(), '.cache');
}

/** The digest of what was packed. */
function packed(): string {
  return readFileSync(path.join(packageFolder, 'packed'), 'utf8').trim();
}
