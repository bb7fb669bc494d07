/** .proto files → a serialized FileDescriptorSet, every import in it. */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { UsageError } from '../errors.ts';
import { workFolder } from '../folders.ts';

/** Beside the program, or, where that is a package, wherever its own packages were put. */
const buf = createRequire(import.meta.url).resolve('@bufbuild/buf/bin/buf');

/** A .proto file, by the name that imports give it. */
export interface Source {
  readonly name: string;
  readonly content: string;
}

/**
 * Compiles the files, which are looked for in the roots as imports are. Rejects with a
 * UsageError in the compiler's words. What was compiled once is not compiled again while
 * no file has changed.
 */
export async function compileProtos(roots: readonly string[], files: readonly string[]): Promise<Uint8Array> {
  const sources = await sourcesOf(roots, files);
  const digest = createHash('sha256')
    .update(JSON.stringify([files, sources]))
    .digest('hex');
  const kept = path.join(workFolder, 'descriptors', `${digest.slice(0, 32)}.binpb`);
  if (existsSync(kept)) return readFile(kept);
  const set = await compile(sources, files);
  await mkdir(path.dirname(kept), { recursive: true });
  // Others may be at it: what is there is whole at any moment.
  const whole = `${kept}.${crypto.randomUUID()}`;
  await writeFile(whole, set);
  await rename(whole, kept);
  return set;
}

/** Paths of files → the names that imports give them, and where they are looked for: in `imports`, or else in their own folders. */
export function placesOf(
  files: readonly string[],
  imports: readonly string[],
): { readonly roots: readonly string[]; readonly names: readonly string[] } {
  const roots = imports.map((each) => path.resolve(each));
  const places = files.map((file) => {
    const absolute = path.resolve(file);
    const root = roots.find((each) => absolute.startsWith(each + path.sep)) ?? path.dirname(absolute);
    return { root, name: path.relative(root, absolute).replaceAll(path.sep, '/') };
  });
  return {
    roots: [...new Set([...roots, ...places.map(({ root }) => root)])],
    names: places.map(({ name }) => name),
  };
}

/** The files and all that they import, but for what the compiler brings itself. What is not there is for the compiler to tell. */
export async function sourcesOf(
  roots: readonly string[],
  files: readonly string[],
): Promise<readonly Source[]> {
  const found = new Map<string, string>();
  const pending = [...files];
  for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
    if (found.has(name)) continue;
    const file = roots.map((root) => path.join(root, name)).find((each) => existsSync(each));
    if (!file) {
      if (files.includes(name))
        throw new UsageError(`${name} is not there: looked in ${roots.map(shown).join(', ')}`);
      continue;
    }
    const content = await readFile(file, 'utf8');
    found.set(name, content);
    for (const [, imported = ''] of content.matchAll(importLine))
      if (!imported.startsWith('google/protobuf/')) pending.push(imported);
  }
  return [...found]
    .map(([name, content]) => ({ name, content }))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

const importLine = /^\s*import\s+(?:(?:public|weak|option)\s+)?"([^"]+)"\s*;/gm;

function shown(folder: string): string {
  return path.relative(process.cwd(), folder) || '.';
}

/** In a folder of their own, so that the names in what the compiler says are those of the imports. */
async function compile(sources: readonly Source[], files: readonly string[]): Promise<Uint8Array> {
  const folder = await mkdtemp(path.join(tmpdir(), 'stitch-protos-'));
  try {
    for (const { name, content } of sources) {
      const file = path.join(folder, name);
      await mkdir(path.dirname(file), { recursive: true });
      await writeFile(file, content);
    }
    // Seldom asked for, and more files than all the others together.
    const { execa } = await import('execa');
    const paths = files.flatMap((file) => ['--path', file]);
    const result = await execa(
      process.execPath,
      [buf, 'build', '.', ...paths, '--exclude-source-info', '-o', '-#format=binpb'],
      { cwd: folder, encoding: 'buffer', reject: false, stdin: 'ignore' },
    );
    if (result.failed) throw new UsageError(complaint(result, files));
    return result.stdout;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function complaint(
  result: {
    readonly stderr: Uint8Array;
    readonly stdout: Uint8Array;
    readonly shortMessage?: string | undefined;
  },
  files: readonly string[],
): string {
  const said = Buffer.concat([result.stderr, result.stdout]).toString().trim();
  const what = said === '' ? (result.shortMessage ?? 'the compiler failed') : said;
  return what.startsWith(files[0] ?? '') || /^\S+\.proto:/.test(what) ? what : `${files.join(', ')}: ${what}`;
}
