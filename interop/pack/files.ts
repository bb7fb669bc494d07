import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { packageFolder } from '../folders.ts';

/** Parts of interop/ that prove the engine, or that are built into something else. */
const left = ['bench', 'browser', 'checks', 'fixtures', 'fuzz', 'pack', 'page'];
const leftFiles = ['interop/cli/page-script.ts', 'interop/start.mjs'];
const whole = ['proto', 'contracts', 'interop'];
const single = ['.dockerignore', 'ledger.json'];

/** What travels in a package, by its path from the root: of all that is committed. */
export function packedFiles(): readonly string[] {
  const listed = execFileSync('git', ['ls-files', '-z'], { cwd: packageFolder, encoding: 'utf8' });
  const files = listed.split('\0').filter(Boolean);
  const peers = files
    .filter((file) => path.basename(file) === 'peer.json')
    .map((file) => `${path.dirname(file)}/`);
  const ours = peers.filter((folder) => /^(?:peers\/)?[^/]+\/$/.test(folder));
  const isPacked = (file: string) =>
    single.includes(file) ||
    whole.includes(file.split('/')[0] ?? '') ||
    ours.some((folder) => file.startsWith(folder));
  return files.filter((file) => isPacked(file) && !isLeft(file));
}

function isLeft(file: string): boolean {
  const [first, part = ''] = file.split('/');
  return (
    first === 'interop' && (left.includes(part) || leftFiles.includes(file) || file.endsWith('.test.ts'))
  );
}
