/** What the folder in which one stands says of a run: its contracts, and `stitch.config.json`. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { reflectedAddress } from '../contract/reflected-address.ts';
import { UsageError } from '../errors.ts';
import { packageFolder, projectFolder } from '../folders.ts';

/** The content of `stitch.config.json`; paths are relative to its folder. What the command line says as well, the command line decides. */
export interface Project {
  readonly $schema?: string;
  /** What is played, in place of all in contracts/: folders, or `reflect:HOST:PORT`. */
  readonly contracts?: readonly string[];
  /** Peers that are not in peers/: their `peer.json`, or `NAME@VERSION`. */
  readonly peers?: readonly string[];
  /** Servers that run already: `HOST:PORT` by name. */
  readonly servers?: Readonly<Record<string, string>>;
  /** These peers, and those named above, and no others. */
  readonly only?: readonly string[];
  /** Where run.jsonl and report.html go. */
  readonly out?: string;
  /** Where images of peers are published, and are pulled from: `ghcr.io/acme/stitch`. */
  readonly images?: string;
}

/** What a run takes of it. */
export type ProjectOptions = Omit<Project, '$schema'> & Required<Pick<Project, 'contracts'>>;

const name = 'stitch.config.json';

/** What the folder says. Rejects with a UsageError that names the key that is wrong. */
export async function projectIn(folder = projectFolder): Promise<ProjectOptions> {
  const file = path.join(folder, name);
  const found = existsSync(file) ? await readProject(file) : {};
  const here = (word: string) => path.relative(process.cwd(), path.resolve(folder, word)) || '.';
  const contracts = found.contracts?.map((each) =>
    reflectedAddress(each) === undefined ? here(each) : each,
  );
  return {
    ...found,
    contracts: contracts ?? contractsIn(folder).map(here),
    ...(found.peers && { peers: found.peers.map((each) => (each.endsWith('.json') ? here(each) : each)) }),
    ...(found.out !== undefined && { out: here(found.out) }),
  };
}

/** Of the program's own folder none: its contracts are what is played where there are no others. */
function contractsIn(folder: string): readonly string[] {
  const contracts = path.join(folder, 'contracts');
  if (folder === packageFolder || !existsSync(contracts)) return [];
  return readdirSync(contracts)
    .map((each) => path.join(contracts, each))
    .filter((each) => existsSync(path.join(each, 'contract.yaml')))
    .toSorted();
}

async function readProject(file: string): Promise<Project> {
  const shown = path.relative(process.cwd(), file);
  const { checkerOf } = await import('../peers/schema.ts');
  const schema: unknown = JSON.parse(readFileSync(new URL('project.schema.json', import.meta.url), 'utf8'));
  const content = parse(shown, readFileSync(file, 'utf8'));
  const problems = checkerOf(schema as object, 'the file')(content);
  if (problems.length > 0) throw new UsageError(problems.map((each) => `${shown}: ${each}`).join('\n'));
  return content as Project;
}

function parse(shown: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new UsageError(`${shown}: ${(error as Error).message}`);
  }
}
