import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { typesIn } from '../contract/load.ts';
import { editorSchema, schemaFile } from '../contract/writing/editor-schema.ts';
import { UsageError } from '../errors.ts';
import type { Options } from './options.ts';

/** `schema FOLDER`: a contract's schema for editors, made again. */
export async function schemaCommand({ words }: Pick<Options, 'words'>): Promise<number> {
  const [folder, ...others] = words;
  if (folder === undefined || others.length > 0)
    throw new UsageError(`schema: wanted the folder of one contract, got ${words.join(' ') || 'none'}`);
  const file = path.join(folder, schemaFile);
  const schema = editorSchema(await typesIn(path.resolve(folder)));
  writeFileSync(file, `${JSON.stringify(schema, null, 1)}\n`);
  process.stdout.write(
    `wrote ${file}; an editor takes it for a file of cases that begins with this line, the path as it is from there:\n  # yaml-language-server: $schema=../${schemaFile}\n`,
  );
  return 0;
}
