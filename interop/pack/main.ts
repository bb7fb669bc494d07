/**
 * `npm pack` makes dist/ first: the program, built, and what it brings. Files keep their places, so that all that
 * is found relative to a file is found there as well.
 */
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { buildPage } from '../cli/page-bundle.ts';
import { packageFolder } from '../folders.ts';
import { digestOf } from '../launch/digest.ts';
import { built } from './built.ts';
import { packedFiles } from './files.ts';
import { writeTypes } from './types.ts';

const dist = path.join(packageFolder, 'dist');

rmSync(dist, { recursive: true, force: true });
for (const file of packedFiles()) {
  const [from, to] = [path.join(packageFolder, file), path.join(dist, built.name(file))];
  mkdirSync(path.dirname(to), { recursive: true });
  // With its mode: some are programs.
  cpSync(from, to);
  if (built.isChanged(file)) writeFileSync(to, built.content(file, readFileSync(from, 'utf8')));
}
await writeTypes('interop/contract/module.ts', dist);
writeFileSync(path.join(dist, 'page.json'), JSON.stringify(await buildPage()));
writeFileSync(path.join(dist, 'packed'), `${(await digestOf([dist], [])).slice(0, 16)}\n`);
