import { readFileSync } from 'node:fs';
import { UsageError } from '../errors.ts';

interface Schema {
  readonly properties: { readonly name: { readonly pattern: string } };
}

const file = new URL('../peers/peer.schema.json', import.meta.url);
const pattern = new RegExp((JSON.parse(readFileSync(file, 'utf8')) as Schema).properties.name.pattern);

/** Throws a UsageError when no manifest may have this name. */
export function checkName(name: string): void {
  if (pattern.test(name)) return;
  throw new UsageError(
    `new: wanted a name of lower-case letters, digits and hyphens, 31 at most and a letter first, got ${JSON.stringify(name)}`,
  );
}
