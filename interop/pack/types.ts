import { globSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { execa } from 'execa';
import { packageFolder } from '../folders.ts';
import { withExtensions } from './built.ts';

const flags = ['--declaration', '--emitDeclarationOnly', '--noEmit', 'false', '--stripInternal'];
const options = [
  '--target',
  'esnext',
  '--module',
  'nodenext',
  '--allowImportingTsExtensions',
  '--skipLibCheck',
];

/** Writes the declarations of the module, and of all that it imports, beside what is built of them in `dist`. Rejects with what the compiler says. */
export async function writeTypes(module: string, dist: string): Promise<void> {
  const args = [
    '--ignoreConfig',
    module,
    ...flags,
    ...options,
    '--types',
    'node',
    '--rootDir',
    '.',
    '--outDir',
    dist,
  ];
  await execa('tsc', args, { cwd: packageFolder, preferLocal: true, stdin: 'ignore', stderr: 2 });
  for (const file of globSync('**/*.d.ts', { cwd: path.join(dist, 'interop') })) {
    const place = path.join(dist, 'interop', file);
    writeFileSync(place, withExtensions(readFileSync(place, 'utf8')));
  }
}
