/** `contract.yaml`: what a contract's folder says of itself. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parseDocument } from 'yaml';
import { UsageError } from '../errors.ts';
import { closest } from './closest.ts';

/** Paths are relative to the folder. */
export interface Settings {
  readonly name: string;
  /** .proto files, by the names that imports give them. */
  readonly protos: readonly string[];
  /** Where they and what they import are looked for. */
  readonly imports: readonly string[];
  /** A ready FileDescriptorSet, in place of both. */
  readonly descriptors: string | undefined;
  /** Folders or files of cases in YAML. */
  readonly cases: readonly string[];
  /** A module that exports `scenarios`. */
  readonly scenarios: string | undefined;
  /** Paths of methods that every peer has code for. */
  readonly plain: readonly string[];
  /** Nobody has code for its services: only servers that play scripts are held to its cases. */
  readonly isScripted: boolean;
}

const lists = ['protos', 'imports', 'cases', 'plain'] as const;
const words = ['name', 'descriptors', 'scenarios'] as const;
const keys: readonly string[] = [...lists, ...words, 'scripted'];

/** Throws a UsageError that names the file and what is wrong in it. */
export function readSettings(folder: string): Settings {
  const file = path.join(folder, 'contract.yaml');
  const shown = path.relative(process.cwd(), file);
  const found = parse(shown, contentOf(file, shown));
  const strange = Object.keys(found).find((key) => !keys.includes(key));
  if (strange !== undefined)
    throw new UsageError(`${shown}: unknown key ${JSON.stringify(strange)}${closest(strange, keys)}`);
  const list = (key: (typeof lists)[number]) => stringsOf(shown, key, found[key]);
  const word = (key: (typeof words)[number]) => stringOf(shown, key, found[key]);
  const settings = {
    name: word('name') ?? path.basename(folder),
    protos: list('protos') ?? [],
    imports: list('imports') ?? ['.'],
    descriptors: word('descriptors'),
    cases: list('cases') ?? [],
    scenarios: word('scenarios'),
    plain: list('plain') ?? [],
    isScripted: booleanOf(shown, 'scripted', found.scripted),
  };
  if (settings.protos.length === 0 && settings.descriptors === undefined)
    throw new UsageError(`${shown}: neither "protos" nor "descriptors": what is called?`);
  if (settings.cases.length === 0 && settings.scenarios === undefined)
    throw new UsageError(`${shown}: no "cases": what is played?`);
  return settings;
}

function contentOf(file: string, shown: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new UsageError(
      `${shown} cannot be read: ${code}\n  hint: a contract is a folder with a contract.yaml`,
    );
  }
}

function parse(shown: string, content: string): Readonly<Record<string, unknown>> {
  const document = parseDocument(content, { version: '1.2' });
  const [problem] = document.errors;
  if (problem) throw new UsageError(`${shown}: ${problem.message}`);
  const value: unknown = document.toJS();
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new UsageError(`${shown}: wanted keys and their values, such as protos: [shop.proto]`);
  return value as Readonly<Record<string, unknown>>;
}

function stringsOf(shown: string, key: string, value: unknown): readonly string[] | undefined {
  if (value === undefined) return undefined;
  const list = typeof value === 'string' ? [value] : value;
  if (!Array.isArray(list) || list.some((each) => typeof each !== 'string'))
    throw new UsageError(`${shown}: ${key}: wanted a list of texts, got ${JSON.stringify(value)}`);
  return list as readonly string[];
}

function booleanOf(shown: string, key: string, value: unknown): boolean {
  if (value === undefined || typeof value === 'boolean') return value ?? false;
  throw new UsageError(`${shown}: ${key}: wanted true or false, got ${JSON.stringify(value)}`);
}

function stringOf(shown: string, key: string, value: unknown): string | undefined {
  if (value === undefined || typeof value === 'string') return value;
  throw new UsageError(`${shown}: ${key}: wanted a text, got ${JSON.stringify(value)}`);
}
