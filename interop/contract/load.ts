/** Folders → contracts. */
import { existsSync, readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { UsageError } from '../errors.ts';
import { packageFolder } from '../folders.ts';
import { readTypes, type Types } from '../messages/types.ts';
import type { Scenario } from '../model/scenario.ts';
import type { ClientPem } from '../model/tls.ts';
import { type Builder, builderFor } from './builder.ts';
import { readCases } from './cases.ts';
import { compileProtos } from './compile.ts';
import type { Contract, Contracts } from './contract.ts';
import { mergeDescriptors } from './merge.ts';
import { reflectedAddress } from './reflected-address.ts';
import { readSettings, type Settings } from './settings.ts';

/** What a contract's module exports. */
interface ScenarioModule {
  readonly scenarios: (builder: Builder) => readonly Scenario[];
}

/** A contract, and its FileDescriptorSet. */
interface Loaded extends Contract {
  readonly set: Uint8Array;
  /** Every peer has code for some of it. */
  readonly isPlain: boolean;
}

/** The folders of those of the project. */
export function ownContracts(): readonly string[] {
  const folder = path.join(packageFolder, 'contracts');
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(path.join(folder, entry.name, 'contract.yaml')))
    .map((entry) => path.join(folder, entry.name))
    .toSorted();
}

/** How the server at an address is asked; undefined: without encryption. */
type TlsOf = (address: string) => ClientPem | undefined;

/** Reads contracts from their folders, or from a server (`reflect:HOST:PORT`); what every peer has code for comes first. Rejects with a UsageError that says where something is wrong in one, or between two. */
export async function loadContracts(
  folders: readonly string[],
  tlsOf: TlsOf = () => undefined,
): Promise<Contracts> {
  const found = await Promise.all(folders.map((each) => loadContract(each, tlsOf)));
  const loaded = found.toSorted((a, b) => Number(b.isPlain) - Number(a.isPlain));
  const scenarios = loaded.flatMap((contract) => contract.scenarios);
  const twins = Map.groupBy(scenarios, ({ name }) => name);
  for (const [name, [one, other]] of twins)
    if (one && other)
      throw new UsageError(
        `${name} is in the contract ${one.contract} and ${one.contract === other.contract ? 'again in it' : `in ${other.contract}`}: names are unique`,
      );
  const [only] = loaded;
  const types: Types = loaded.length === 1 && only ? only.types : readTypes(mergeDescriptors(loaded));
  return { contracts: loaded, scenarios, types };
}

/** What a contract's folder describes, whatever its cases say of it. Rejects with a UsageError. */
export async function typesIn(folder: string): Promise<Types> {
  const settings = readSettings(folder);
  return typesOf(await descriptorsOf(folder, settings), settings.name);
}

async function loadContract(folder: string, tlsOf: TlsOf): Promise<Loaded> {
  const address = reflectedAddress(folder);
  if (address !== undefined) {
    const { reflectedContract } = await import('./reflected.ts');
    return { ...(await reflectedContract(address, tlsOf(address))), isPlain: false };
  }
  const settings = readSettings(folder);
  const set = await descriptorsOf(folder, settings);
  const types = typesOf(set, settings.name);
  const builder = builderFor(settings.name, types, new Set(settings.plain));
  const scenarios = [
    ...(await modulesOf(folder, settings, builder)),
    ...readCases(folder, settings, builder),
  ];
  return {
    name: settings.name,
    folder,
    types,
    scenarios,
    set,
    notes: [],
    isPlain: settings.plain.length > 0,
  };
}

async function descriptorsOf(folder: string, settings: Settings): Promise<Uint8Array> {
  const { descriptors, imports, protos } = settings;
  if (descriptors === undefined)
    return compileProtos(
      imports.map((each) => path.resolve(folder, each)),
      protos,
    );
  const file = path.resolve(folder, descriptors);
  try {
    return await readFile(file);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new UsageError(`${path.relative(process.cwd(), file)} cannot be read: ${code}`);
  }
}

function typesOf(set: Uint8Array, name: string): Types {
  try {
    return readTypes(set);
  } catch (error) {
    throw new UsageError(`the descriptors of the contract ${name}: ${(error as Error).message}`);
  }
}

async function modulesOf(folder: string, settings: Settings, builder: Builder): Promise<readonly Scenario[]> {
  if (settings.scenarios === undefined) return [];
  const file = path.resolve(folder, settings.scenarios);
  if (!existsSync(file)) throw new UsageError(`${path.relative(process.cwd(), file)} is not there`);
  return (await moduleIn(file)).scenarios(builder);
}

/** Rejects with a UsageError for what is no module of a contract, or imports what is not there. */
async function moduleIn(file: string): Promise<ScenarioModule> {
  const shown = path.relative(process.cwd(), file);
  const module = await import(pathToFileURL(file).href).catch((error: Error) => {
    throw new UsageError(`${shown} cannot be loaded: ${error.message}`);
  });
  if (typeof module.scenarios === 'function') return module as ScenarioModule;
  throw new UsageError(`${shown}: wanted a function that it exports as "scenarios"`);
}
