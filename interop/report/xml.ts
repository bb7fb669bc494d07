/** XML 1.0, as far as it is written here: elements, attributes, text. Nothing that a peer says gets out of its place. */

import { printable } from './text.ts';

/** By name; undefined: left out. */
export type Attributes = Readonly<Record<string, string | number | undefined>>;

/** A start tag without its `>`: `<testcase name="pick/one"`. */
export function startOf(element: string, attributes: Attributes): string {
  const given = Object.entries(attributes).filter(([, value]) => value !== undefined);
  return `<${element}${given.map(([name, value]) => ` ${name}="${attributeValue(String(value))}"`).join('')}`;
}

/** Readers turn the line feed and the tab of an attribute into a space (section 3.3.3); here a line feed is spelled out. */
function attributeValue(text: string): string {
  return escaped(text).replaceAll('\n', '\\u000a').replaceAll('\t', ' ');
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/**
 * Text for an element. What XML cannot hold, not even as a reference (section 2.2, production Char), is spelled
 * out: control characters, lone surrogates, U+FFFE and U+FFFF.
 */
export function escaped(text: string): string {
  return printable(text)
    .replace(/[\p{Surrogate}\ufffe\uffff]/gu, (character) => `\\u${character.charCodeAt(0).toString(16)}`)
    .replace(/[&<>"]/g, (character) => entities[character] ?? character);
}
