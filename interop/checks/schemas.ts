/**
 * The JSON Schemas of what other programs read, made of the types that it has in the
 * engine. `node interop/checks/schemas.ts` writes them down; `npm run check` wants
 * them to be what the types say.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { createGenerator } from 'ts-json-schema-generator';
import { rootFolder } from '../folders.ts';
import type { CheckStep } from './steps.ts';

interface SchemaOf {
  /** Where the type is, from interop/. */
  readonly source: string;
  readonly type: string;
  /** Where the schema goes, from interop/. */
  readonly file: string;
}

const schemas: readonly SchemaOf[] = [
  { source: 'model/event.ts', type: 'RunEvent', file: 'report/log.schema.json' },
  { source: 'cli/project.ts', type: 'Project', file: 'cli/project.schema.json' },
  { source: 'report/outputs/json.ts', type: 'JsonReport', file: 'report/json.schema.json' },
];

function schemaText({ source, type }: SchemaOf): string {
  const generator = createGenerator({
    path: path.join(rootFolder, 'interop', source),
    tsconfig: path.join(rootFolder, 'tsconfig.json'),
    type,
    skipTypeCheck: true,
  });
  return `${JSON.stringify(generator.createSchema(type), null, 2)}\n`;
}

/** One step a schema; rejects when the file is not what the types say. */
export const schemaSteps: readonly CheckStep[] = schemas.map((schema) => ({
  name: `schema: ${schema.file}`,
  async run() {
    const written = readFileSync(path.join(rootFolder, 'interop', schema.file), 'utf8');
    if (written !== schemaText(schema))
      throw new Error(`${schema.file} is not what ${schema.source} says: node interop/checks/schemas.ts`);
  },
}));

if (import.meta.main)
  for (const schema of schemas)
    writeFileSync(path.join(rootFolder, 'interop', schema.file), schemaText(schema));
