/** Case files in YAML: found, read, and made scenarios of. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import type { Node } from 'yaml';
import { UsageError } from '../errors.ts';
import { type Method, methodNamed } from '../messages/types.ts';
import type { Scenario } from '../model/scenario.ts';
import type { Builder } from './builder.ts';
import { caseKeys, scenarioOf } from './case.ts';
import { closest } from './closest.ts';
import type { Settings } from './settings.ts';
import { slugOf } from './slug.ts';
import { itemsOf, membersOf, readYaml, textOf, type YamlFile } from './source-node.ts';

/** A file's cases, and what they have in common. */
export interface CaseFile extends YamlFile {
  /** What stands before the slash in their names: `charge`. */
  readonly group: string;
  /** Only servers that play scripts are held to them. */
  readonly isScripted: boolean;
}

/** Reads a contract's case files. Throws a UsageError with file, line and what is wrong there. */
export function readCases(folder: string, settings: Settings, builder: Builder): readonly Scenario[] {
  return settings.cases.flatMap((each) => {
    const root = path.resolve(folder, each);
    if (!existsSync(root))
      throw new UsageError(
        `${path.relative(process.cwd(), root)} is not there: "cases" of the contract ${settings.name}`,
      );
    return filesIn(root).flatMap((file) => readFile(file, groupOf(root, file), settings, builder));
  });
}

function filesIn(root: string): readonly string[] {
  if (!statSync(root).isDirectory()) return [root];
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.ya?ml$/.test(name))
    .toSorted()
    .map((name) => path.join(root, name));
}

/** `payments/charge.yaml` → `payments-charge`. */
function groupOf(root: string, file: string): string {
  const inside = path.relative(root, file) || path.basename(file);
  return slugOf(inside.replace(/\.ya?ml$/, ''));
}

function readFile(
  name: string,
  group: string,
  { isScripted }: Settings,
  builder: Builder,
): readonly Scenario[] {
  const shown = path.relative(process.cwd(), name);
  return casesIn({ ...readYaml(shown, readFileSync(name, 'utf8')), group, isScripted }, builder);
}

/** Those that a file's text has. Throws a UsageError with its place of what is wrong there. */
export function casesIn(file: CaseFile, builder: Builder): readonly Scenario[] {
  const members = membersOf(file, file.root, 'a file of cases', ['method', 'cases']);
  const common = members.get('method');
  const cases = itemsOf(file, members.get('cases') ?? null, 'cases');
  return cases.map((node) => {
    const found = membersOf(file, node, 'a case', caseKeys);
    const named = found.get('method') ?? common;
    if (!named)
      throw file.wrong(node, 'no method: the file, or the case, names one, as package.Service/Method');
    return scenarioOf(file, node, found, methodAt(file, named, builder), builder);
  });
}

function methodAt(file: YamlFile, node: Node, { types }: Builder): Method {
  const name = textOf(file, node, 'method');
  const found = methodNamed(types, name);
  if (found) return found;
  const names = [...types.methods.keys()].map((each) => each.slice(1));
  throw file.wrong(
    node,
    `no method ${name} is described${closest(name, names) || `; there are ${names.join(' ')}`}`,
  );
}
