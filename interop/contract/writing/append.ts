/** A case more in a file of cases, every other character of which stays as it is. */
import { isMap, isPair, isScalar, isSeq, type Node, type Pair, parseDocument } from 'yaml';
import { UsageError } from '../../errors.ts';
import { slugOf } from '../slug.ts';
import { membersOf, readYaml } from '../source-node.ts';
import { type CaseText, caseFile, caseItem } from './case-text.ts';

/** A file of cases to which one is to be added. */
export interface Recording {
  /** What stands in it; undefined: it is not there. */
  readonly text: string | undefined;
  /** A name that none of its cases has: `recorded`, `recorded 2`. */
  readonly name: string;
}

/** Throws a UsageError when the text is no file of cases to which something can be added. */
export function readRecording(shown: string, text: string | undefined): Recording {
  const names = new Set(text === undefined ? [] : namesIn(shown, text));
  let name = 'recorded';
  for (let nth = 2; names.has(slugOf(name)); nth++) name = `recorded ${nth}`;
  return { text, name };
}

function namesIn(shown: string, text: string): readonly string[] {
  const file = readYaml(shown, text);
  const cases = membersOf(file, file.root, 'a file of cases', ['method', 'cases']).get('cases') ?? null;
  const isEmpty = cases === null || (isScalar(cases) && cases.value === null);
  if (!isEmpty && (!isSeq(cases) || (cases.flow === true && cases.items.length > 0)))
    throw file.wrong(cases, 'cases: wanted a list with an item a line, to which one can be added');
  return isSeq(cases) ? cases.items.map((item) => slugOf(nameOf(item as Node))) : [];
}

function nameOf(item: Node): string {
  const name = isMap(item) ? item.get('name') : undefined;
  return typeof name === 'string' ? name : '';
}

/**
 * The text with the case behind the others; of a method that is not the file's, the case names it.
 * `schema`: where that for editors lies, for a new file.
 */
export function withCase(
  { text }: Recording,
  method: string,
  said: CaseText,
  schema: string | undefined,
): string {
  if (text === undefined) return caseFile(method, [said], schema);
  const root = parseDocument(text, { version: '1.2' }).contents;
  if (!isMap(root)) throw new UsageError('wanted a file of cases');
  const found = root.items.find(({ key }) => isScalar(key) && key.value === 'method')?.value;
  const common = isScalar(found) ? found.value : undefined;
  const { name, ...rest } = said;
  const item: CaseText = common === method || common === `/${method}` ? said : { name, method, ...rest };
  const pair = root.items.find(({ key }) => isScalar(key) && key.value === 'cases') as
    | Pair<Node, Node>
    | undefined;
  const cases = pair?.value;
  if (!isSeq(cases) || cases.items.length === 0) return replaced(text, pair, item);
  const first = cases.range?.[0] ?? 0;
  const indent = ' '.repeat(first - (text.lastIndexOf('\n', first - 1) + 1));
  const at = endOfList(text, lineEnd(text, contentEnd(text, lastOffset(cases))), indent.length);
  return inserted(text, at, caseItem(item, indent));
}

/** `cases:` with nothing behind it, or not there. */
function replaced(text: string, pair: Pair<Node, Node> | undefined, item: CaseText): string {
  if (!pair) return inserted(text, text.length, `cases:\n${caseItem(item)}`);
  const key = pair.key.range?.[1] ?? 0;
  const colon = text.indexOf(':', key);
  const end = isSeq(pair.value) ? (pair.value.range?.[1] ?? colon + 1) : colon + 1;
  const line = lineEnd(text, end);
  return inserted(`${text.slice(0, colon + 1)}${text.slice(end)}`, line - (end - colon - 1), caseItem(item));
}

function inserted(text: string, at: number, item: string): string {
  const [before, behind] = [text.slice(0, at), text.slice(at)];
  return `${before}${before === '' || before.endsWith('\n') ? '' : '\n'}${item}${behind}`;
}

/** Where the last value ends: the range of a list has the comments behind it as well. */
function lastOffset(node: Node | null | undefined): number {
  const inside = isMap(node) ? node.items.at(-1) : isSeq(node) ? node.items.at(-1) : undefined;
  if (inside === undefined || (node as { readonly flow?: boolean }).flow) return node?.range?.[1] ?? 0;
  if (!isPair(inside)) return lastOffset(inside as Node);
  return lastOffset((inside.value ?? inside.key) as Node);
}

/** Without the white space at its end. */
function contentEnd(text: string, end: number): number {
  return text.slice(0, end).trimEnd().length;
}

/** Behind the line break. */
function lineEnd(text: string, at: number): number {
  const end = text.indexOf('\n', at);
  return end < 0 ? text.length : end + 1;
}

/** Behind the comments that belong to the last case: those that stand deeper than its hyphen, and all when nothing else follows. */
function endOfList(text: string, from: number, column: number): number {
  if (/^(?:[ \t]*(?:#.*)?(?:\r?\n|$))*$/.test(text.slice(from))) return text.length;
  let end = from;
  for (let at = from; at < text.length; at = lineEnd(text, at)) {
    const line = text.slice(at, lineEnd(text, at));
    const [, space = '', rest = ''] = /^([ \t]*)(.*)/.exec(line) ?? [];
    if (rest === '') continue;
    if (!rest.startsWith('#') || space.length <= column) break;
    end = lineEnd(text, at);
  }
  return end;
}
