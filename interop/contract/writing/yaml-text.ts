/** Values as YAML 1.2, such as cases are read: what is written is read back as the same values. */

export type YamlValue = null | boolean | number | bigint | string | readonly YamlValue[] | YamlMap;
export interface YamlMap {
  readonly [key: string]: YamlValue;
}

/** A line may be so long before a value is spread over several. */
const widthCharacters = 100;

/** `key: value`, on one line where it fits, otherwise an entry a line. */
export function entryLines(key: string, value: YamlValue, indent: string): readonly string[] {
  const line = `${indent}${textOf(key)}: ${flow(value)}`;
  if (line.length <= widthCharacters || !isLong(value)) return [line];
  return [`${indent}${textOf(key)}:`, ...innerLines(value, `${indent}  `)];
}

/** `- value`, likewise. */
export function itemLines(value: YamlValue, indent: string): readonly string[] {
  const line = `${indent}- ${flow(value)}`;
  if (line.length <= widthCharacters || !isLong(value)) return [line];
  const [first = '', ...rest] = innerLines(value, `${indent}  `);
  return [`${indent}- ${first.trimStart()}`, ...rest];
}

function innerLines(value: readonly YamlValue[] | YamlMap, indent: string): readonly string[] {
  return isList(value)
    ? value.flatMap((item) => itemLines(item, indent))
    : Object.entries(value).flatMap(([key, each]) => entryLines(key, each, indent));
}

/** The value on one line: `{ amount: 1250, tags: [a, b] }`. */
export function flow(value: YamlValue): string {
  if (typeof value === 'string') return textOf(value);
  if (typeof value === 'number') return numberText(value);
  if (typeof value !== 'object' || value === null) return String(value);
  if (isList(value)) return `[${value.map(flow).join(', ')}]`;
  const entries = Object.entries(value).map(([key, each]) => `${textOf(key)}: ${flow(each)}`);
  return entries.length === 0 ? '{}' : `{ ${entries.join(', ')} }`;
}

/** Without quotes where nothing can be taken for something else. */
function textOf(text: string): string {
  if (/^[A-Za-z_][\w./-]*$/.test(text) && !/^(?:true|false|null|yes|no|on|off|[yn])$/i.test(text))
    return text;
  // What YAML's double quotes mean is what JSON's do. What cannot be seen is written as what it is.
  return JSON.stringify(text).replaceAll(
    /[\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g,
    (character) => `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`,
  );
}

function numberText(value: number): string {
  if (Number.isNaN(value)) return '.nan';
  if (!Number.isFinite(value)) return value < 0 ? '-.inf' : '.inf';
  // An integer has no minus zero.
  return Object.is(value, -0) ? '-0.0' : String(value);
}

function isLong(value: YamlValue): value is readonly YamlValue[] | YamlMap {
  return typeof value === 'object' && value !== null && Object.keys(value).length > 0;
}

function isList(value: YamlValue): value is readonly YamlValue[] {
  return Array.isArray(value);
}
