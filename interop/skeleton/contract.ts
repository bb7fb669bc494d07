/** `new contract FOLDER`: a contract that runs as it is, made of .proto files or of what a server says of itself. */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { complain } from '../cli/complain.ts';
import type { Options } from '../cli/options.ts';
import { checkTlsNames, tlsOf } from '../cli/server-tls.ts';
import { compileProtos, placesOf, sourcesOf } from '../contract/compile.ts';
import { contractFiles, type Described } from '../contract/writing/contract-files.ts';
import { UsageError } from '../errors.ts';
import { readTypes } from '../messages/types.ts';
import type { ClientPem } from '../model/tls.ts';
import { reflect } from '../reflection/reflect.ts';

type ContractOptions = Pick<Options, 'words' | 'protos' | 'imports' | 'reflect' | 'tlsWords'>;

/** Throws a UsageError when the folder is there, nothing is described, or a .proto does not compile. */
export async function newContract(options: ContractOptions): Promise<number> {
  const [, name, ...others] = options.words;
  if (name === undefined || others.length > 0)
    throw new UsageError(
      `new contract: wanted the name of one folder, got ${options.words.slice(1).join(' ') || 'none'}`,
    );
  const folder = path.resolve(name);
  const shown = path.relative(process.cwd(), folder) || '.';
  if (existsSync(folder))
    throw new UsageError(`${shown} is there already, and nothing is overwritten${hintOf(folder, shown)}`);
  const files = contractFiles(path.basename(folder), await describedBy(options));
  for (const [file, content] of files) {
    mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
    writeFileSync(path.join(folder, file), content);
  }
  process.stdout.write(`${nextText(shown, [...files.keys()])}\n`);
  return 0;
}

function hintOf(folder: string, shown: string): string {
  return existsSync(path.join(folder, 'contract.yaml'))
    ? `\n  hint: its schema for editors is made again by: npm run interop -- schema ${shown}`
    : '';
}

function nextText(folder: string, files: readonly string[]): string {
  return [
    `made ${folder}/: ${files.join(', ')}`,
    'it runs as it is, with servers that play its cases, and with one that you name:',
    `  npm run interop -- --contract ${folder}`,
    `  npm run interop -- --contract ${folder} --server mine=127.0.0.1:50051`,
  ].join('\n');
}

async function describedBy({
  protos,
  imports,
  reflect: address,
  tlsWords,
}: ContractOptions): Promise<Described> {
  if (protos.length > 0 === (address !== undefined))
    throw new UsageError(
      'new contract: wanted either --proto FILE or --reflect HOST:PORT: what is called?\n  hint: npm run interop -- new --help',
    );
  checkTlsNames(tlsWords, address === undefined ? [] : [{ address }]);
  return address === undefined ? ofProtos(protos, imports) : ofServer(address, tlsOf(tlsWords, { address }));
}

async function ofServer(address: string, tls: ClientPem | undefined): Promise<Described> {
  const { set, services, problems } = await reflect(address, tls);
  for (const problem of problems) complain(`left out, since the server does not describe it: ${problem}`);
  return { types: readTypes(set), services, from: { set, address } };
}

async function ofProtos(files: readonly string[], imports: readonly string[]): Promise<Described> {
  const { roots, names } = placesOf(files, imports);
  const types = readTypes(await compileProtos(roots, names));
  const services = [...types.registry].flatMap((desc) =>
    desc.kind === 'service' && names.includes(desc.file.proto.name) ? desc.typeName : [],
  );
  if (services.length === 0) throw new UsageError(`${names.join(', ')}: there is no service to be called`);
  return { types, services, from: { protos: names, sources: await sourcesOf(roots, names) } };
}
