/** Places in a YAML file, and errors that name them. */
import { isMap, isScalar, isSeq, LineCounter, type Node, type Pair, parseDocument, type YAMLMap } from 'yaml';
import { UsageError } from '../errors.ts';
import { closest } from './closest.ts';

/** A YAML file that was read. */
export interface YamlFile {
  readonly root: Node | null;
  /** An error at that place: `shop/cases/charge.yaml:4: …`. */
  wrong(at: Node | Pair | null | undefined, what: string): UsageError;
  /** `shop/cases/charge.yaml:4`. */
  placeOf(at: Node): string;
}

/** Integers are bigints, so that none loses digits. Throws a UsageError with the place of what is no YAML 1.2. */
export function readYaml(shown: string, content: string): YamlFile {
  const lines = new LineCounter();
  const document = parseDocument(content, {
    version: '1.2',
    lineCounter: lines,
    intAsBigInt: true,
    prettyErrors: false,
  });
  const lineAt = (offset: number) => `${shown}:${lines.linePos(offset).line}`;
  const [problem] = [...document.errors, ...document.warnings];
  if (problem) throw new UsageError(`${lineAt(problem.pos[0])}: ${problem.message}`);
  const offsetOf = (at: Node | Pair | null | undefined): number => {
    const node = at && 'key' in at ? (at.key as Node) : (at as Node | null | undefined);
    return node?.range?.[0] ?? 0;
  };
  return {
    root: document.contents,
    wrong: (at, what) => new UsageError(`${lineAt(offsetOf(at))}: ${what}`),
    placeOf: (at) => lineAt(offsetOf(at)),
  };
}

/** The members of a map by their names. Throws when it is none, or has a key that is not among `names`. */
export function membersOf(
  file: YamlFile,
  node: Node | null,
  what: string,
  names: readonly string[],
): ReadonlyMap<string, Node> {
  if (!isMap(node)) throw file.wrong(node, `${what}: wanted keys and their values`);
  const found = new Map<string, Node>();
  for (const pair of node.items) {
    const name = keyOf(file, pair);
    if (!names.includes(name))
      throw file.wrong(pair, `${what}: unknown key ${JSON.stringify(name)}${closest(name, names)}`);
    found.set(name, pair.value as Node);
  }
  return found;
}

/** The key of a pair, as a text: `1` and `"1"` are the same. */
export function keyOf(file: YamlFile, pair: YAMLMap['items'][number]): string {
  const { key } = pair;
  if (isScalar(key) && ['string', 'bigint', 'boolean', 'number'].includes(typeof key.value))
    return String(key.value);
  throw file.wrong(pair, 'wanted a text as a key');
}

/** The items of a list. Throws when it is none. */
export function itemsOf(file: YamlFile, node: Node | null | undefined, what: string): readonly Node[] {
  if (!isSeq(node)) throw file.wrong(node, `${what}: wanted a list`);
  return node.items as readonly Node[];
}

/** A text. Throws when it is none. */
export function textOf(file: YamlFile, node: Node | null | undefined, what: string): string {
  if (isScalar(node) && typeof node.value === 'string') return node.value;
  throw file.wrong(node, `${what}: wanted a text`);
}

const unitsMs: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 };

/** Milliseconds of `200ms`, `1.5s`, `2m`, `1h`. */
export function durationOf(file: YamlFile, node: Node | null | undefined, what: string): number {
  const text = isScalar(node) ? String(node.value) : '';
  const [, digits, unit = ''] = /^(\d+(?:\.\d+)?)(ms|s|m|h)$/.exec(text) ?? [];
  if (digits === undefined) throw file.wrong(node, `${what}: wanted a duration like 200ms or 1.5s`);
  return Number(digits) * (unitsMs[unit] ?? 0);
}
