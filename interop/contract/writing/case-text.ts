/** A case as a file of cases has it. */
import { entryLines, itemLines, type YamlMap, type YamlValue } from './yaml-text.ts';

/** What a case says, its keys in the order in which they are written; see `caseKeys`. */
export type CaseText = YamlMap & { readonly name: string };

/** An item of the list `cases`, with a line break behind it. `indent` is in front of its hyphen. */
export function caseItem(said: CaseText, indent = '  '): string {
  const lines = Object.entries(said).flatMap(([key, value]) => keyLines(key, value, `${indent}  `));
  return `${[`${indent}- ${lines[0]?.trimStart()}`, ...lines.slice(1)].join('\n')}\n`;
}

/** Messages in a list have a line each. */
function keyLines(key: string, value: YamlValue, indent: string): readonly string[] {
  if (!Array.isArray(value) || value.length === 0) return entryLines(key, value, indent);
  return [`${indent}${key}:`, ...value.flatMap((item: YamlValue) => itemLines(item, `${indent}  `))];
}

/** A file of cases of one method. `schema`: where the editor's schema lies from there. */
export function caseFile(
  method: string,
  cases: readonly CaseText[],
  schema: string | undefined,
  comments: readonly string[] = [],
): string {
  return [
    ...(schema === undefined ? [] : [`# yaml-language-server: $schema=${schema}\n`]),
    ...comments.map((comment) => `# ${comment}\n`),
    `method: ${method}\n`,
    'cases:\n',
    ...cases.map((each) => caseItem(each)),
  ].join('');
}
