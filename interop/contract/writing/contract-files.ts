/** The files of a new contract. */
import { methodsOf, type Types } from '../../messages/types.ts';
import type { Source } from '../compile.ts';
import { caseFile } from './case-text.ts';
import { editorSchema, schemaFile } from './editor-schema.ts';
import { fileNames, firstCase } from './first-case.ts';
import { flow } from './yaml-text.ts';

/** What a new contract is made of. */
export interface Described {
  readonly types: Types;
  /** Full names of the services that are played. */
  readonly services: readonly string[];
  /** By the names that imports give them, and all that they import; or a descriptor set. */
  readonly from:
    | { readonly protos: readonly string[]; readonly sources: readonly Source[] }
    | { readonly set: Uint8Array; readonly address: string };
}

/** By their paths in the folder. */
export function contractFiles(name: string, described: Described): ReadonlyMap<string, string | Uint8Array> {
  const { types, services, from } = described;
  const methods = methodsOf(types, services);
  const names = fileNames(methods);
  const cases = methods.map((method): readonly [string, string] => [
    `cases/${names.get(method)}.yaml`,
    caseFile(method.path.slice(1), [firstCase(method, types.registry)], `../${schemaFile}`, comments),
  ]);
  const what: readonly (readonly [string, string | Uint8Array])[] =
    'set' in from
      ? [[`${name}.binpb`, from.set]]
      : from.sources.map(({ name: file, content }) => [file, content] as const);
  return new Map([
    ['contract.yaml', settingsOf(name, from)],
    ...what,
    ...cases,
    [schemaFile, `${JSON.stringify(editorSchema(types), null, 1)}\n`],
  ]);
}

const comments = [
  'What the client sends and every server must see; what the server answers and every client must get.',
  'The values are made up, from the names and places of the fields: put those of your service there.',
];

function settingsOf(name: string, from: Described['from']): string {
  return 'set' in from
    ? `# What the server at ${from.address} said of itself.\ndescriptors: ${flow(`${name}.binpb`)}\ncases: cases/\n`
    : [
        '# Copies, with all that they import. To use them where they are, name their roots: imports: [../proto]\n',
        `protos: ${flow(from.protos)}\n`,
        'cases: cases/\n',
      ].join('');
}
