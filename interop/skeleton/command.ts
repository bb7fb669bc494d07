import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Options } from '../cli/options.ts';
import { UsageError } from '../errors.ts';
import { isPackage, projectFolder } from '../folders.ts';
import { findPeers } from '../peers/find.ts';
import { alone } from './alone.ts';
import { newContract } from './contract.ts';
import { checkName } from './name.ts';
import { skeletonOf } from './skeleton.ts';

/** `new LANGUAGE`: the folder of a new peer; `new contract FOLDER`: that of a contract. Throws a UsageError when the name will not do, or something is there. */
export async function newCommand(options: Options): Promise<number> {
  const { words } = options;
  if (words[0] === 'contract') return newContract(options);
  const [name, ...others] = words;
  if (name === undefined || others.length > 0)
    throw new UsageError(`new: wanted the name of one language, got ${words.join(' ') || 'none'}`);
  checkName(name);
  const folder = path.join(projectFolder, 'peers', name);
  const shown = path.relative(process.cwd(), folder);
  if (existsSync(folder))
    throw new UsageError(
      `${shown} is there already, and nothing is overwritten\n  hint: npm run interop -- doctor ${name}`,
    );
  const peers = await findPeers();
  if (peers.some((peer) => peer.name === name))
    throw new UsageError(
      `new: a peer is named ${name} already; there are ${peers.map((peer) => peer.name).join(' ')}`,
    );

  mkdirSync(folder, { recursive: true });
  const files = isPackage ? alone(skeletonOf(name), name, folder) : skeletonOf(name);
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
    writeFileSync(path.join(folder, file), text);
  }
  process.stdout.write(`${nextText(name, shown, Object.keys(files))}\n`);
  return 0;
}

function nextText(name: string, folder: string, files: readonly string[]): string {
  return [
    `made ${folder}/: ${files.join(', ')}`,
    `its README.md has the steps; each ends with the same command, which says what is next:`,
    `  npm run interop -- doctor ${name}`,
  ].join('\n');
}
