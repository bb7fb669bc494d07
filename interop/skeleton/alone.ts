/** The files of a new peer for somebody's own project: its build knows its own folder only, so proto/ comes along. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { packageFolder, protoFolder } from '../folders.ts';

type Files = Readonly<Record<string, string>>;

/** What `skeletonOf` gave for the folder, with what lies elsewhere in the project found in the folder, or in the package. */
export function alone(files: Files, name: string, folder: string): Files {
  const changed = Object.entries(files).map(([file, text]) => [file, withoutProject(text, name, folder)]);
  const protos = readdirSync(protoFolder).map((file) => [
    `proto/${file}`,
    readFileSync(path.join(protoFolder, file), 'utf8'),
  ]);
  return Object.fromEntries([...changed, ...protos]) as Files;
}

function withoutProject(text: string, name: string, folder: string): string {
  const inPackage = path.relative(folder, packageFolder).replaceAll(path.sep, '/');
  return text
    .replace("Built from the project's root", 'Built in this folder')
    .replace(`-f peers/${name}/Dockerfile `, '')
    .replace(/^# The folders lie as .*\n/m, '')
    .replace(/^COPY proto .*\n/m, '')
    .replace(`COPY peers/${name} ./`, 'COPY . ./')
    .replaceAll(`/src/peers/${name}`, '/src')
    .replace(`COPY peers/${name}/`, 'COPY ')
    .replaceAll('../../proto/', 'proto/')
    .replaceAll('../../docs/', `${inPackage}/../docs/`)
    .replaceAll('../../interop/', `${inPackage}/interop/`);
}
