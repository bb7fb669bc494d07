/** What of a case's responses a server of somebody's own may have otherwise: `match: partial`, and `values`. */
import type { DescField, DescMessage } from '@bufbuild/protobuf';
import { isMap, isScalar, isSeq, type Node } from 'yaml';
import type { Method } from '../messages/types.ts';
import type { Bounds, Match, PlacedRule, ValueRule } from '../model/match.ts';
import type { Message } from '../model/message.ts';
import { givesOneResponse } from '../model/method.ts';
import { valuesAt } from '../witness/match.ts';
import { countOf } from '../witness/messages.ts';
import { isAs, ruleText, valueTypes } from '../witness/rule.ts';
import { closest } from './closest.ts';
import { itemsOf, keyOf, membersOf, textOf, type YamlFile } from './source-node.ts';

/** Throws a UsageError with file and line: no such field, no such rule, or one that the case's own response breaks. */
export function matchOf(
  file: YamlFile,
  members: ReadonlyMap<string, Node>,
  { response, kind, path }: Method,
  responses: readonly Message[],
): { readonly match?: Match } {
  const [match, given, number] = matchKeys.map((key) => members.get(key));
  if (match && textOf(file, match, 'match') !== 'partial') throw file.wrong(match, 'match: wanted partial');
  const values = given ? rulesOf(file, given, response, responses) : [];
  if (number && givesOneResponse(kind))
    throw file.wrong(number, `count: ${path.slice(1)} gives one response`);
  const count = number && boundsOf(file, number, 'count');
  if (count && !isAs({ range: count }, countOf(responses)))
    throw file.wrong(
      number,
      `count: the case has ${countOf(responses)} responses: wanted ${ruleText({ range: count })}`,
    );
  if (!match && !given && !count) return {};
  return { match: { ...(match && { isPartial: true }), values, ...(count && { count }) } };
}

/** The keys of a case that this file reads. */
export const matchKeys = ['match', 'values', 'count'] as const;

function rulesOf(
  file: YamlFile,
  node: Node,
  type: DescMessage,
  responses: readonly Message[],
): readonly PlacedRule[] {
  if (!isMap(node)) throw file.wrong(node, 'values: wanted places and what must be there, as "id: any"');
  return node.items.map((pair) => {
    const place = keyOf(file, pair);
    const wrong = unknownPlace(type, place.split('.'));
    if (wrong !== undefined) throw file.wrong(pair, `values: ${place}: ${wrong}`);
    const rule = ruleOf(file, pair.value as Node, `values.${place}`);
    const broken = responses
      .flatMap(({ json }) => valuesAt(json, place.split('.')))
      .find((value) => value !== undefined && !isAs(rule, value));
    if (broken !== undefined)
      throw file.wrong(
        pair,
        `values: ${place}: the response of the case has ${JSON.stringify(broken)} there: wanted ${ruleText(rule)}`,
      );
    return { place, rule };
  });
}

/** Why there is no such place in the message; undefined: there is, or nobody can say. */
function unknownPlace(type: DescMessage, [name = '', ...rest]: readonly string[]): string | undefined {
  // What these hold their descriptors do not say.
  if (type.typeName.startsWith('google.protobuf.')) return undefined;
  const field = type.fields.find((each) => each.name === name);
  if (!field) {
    const names = type.fields.map((each) => each.name);
    return `${type.typeName} has no field ${JSON.stringify(name)}${closest(name, names)}`;
  }
  const inside = field.fieldKind === 'map' ? rest.slice(1) : rest;
  if (inside.length === 0) return undefined;
  const message = messageOf(field);
  return message ? unknownPlace(message, inside) : `${field.name} has no fields`;
}

function messageOf(field: DescField): DescMessage | undefined {
  return field.fieldKind === 'scalar' || field.fieldKind === 'enum' ? undefined : field.message;
}

const names = ['any', 'type', 'pattern', 'range', 'length'] as const;

/** `any`, or one of the others with what it is about. */
function ruleOf(file: YamlFile, node: Node, what: string): ValueRule {
  if (isScalar(node) && node.value === 'any') return { any: true };
  const members = isMap(node) ? membersOf(file, node, what, names) : new Map<string, Node>();
  const [[name, value] = ['', node]] = members;
  if (members.size !== 1)
    throw file.wrong(node, `${what}: wanted any, or one of type, pattern, range, length with what it is`);
  switch (name) {
    case 'type':
      return { type: typeOf(file, value, what) };
    case 'pattern':
      return { pattern: patternOf(file, value, what) };
    case 'range':
      return { range: boundsOf(file, value, what) };
    case 'length':
      return { length: boundsOf(file, value, what) };
    default:
      return { any: true };
  }
}

/** A kind of value, or the full name of a message. */
function typeOf(file: YamlFile, node: Node, what: string): string {
  const type = textOf(file, node, `${what}.type`);
  if (valueTypes.some((each) => each === type) || type.includes('.')) return type;
  const known = valueTypes.join(', ');
  throw file.wrong(
    node,
    `${what}.type: wanted ${known}, or the full name of a message in an Any, got ${type}${closest(type, valueTypes)}`,
  );
}

function patternOf(file: YamlFile, node: Node, what: string): string {
  const pattern = textOf(file, node, `${what}.pattern`);
  try {
    new RegExp(pattern, 'su');
    return pattern;
  } catch (error) {
    throw file.wrong(node, `${what}.pattern: ${(error as Error).message}`);
  }
}

/** `[1, 10]`; `null` in one of the places is no bound. A number alone is both. */
function boundsOf(file: YamlFile, node: Node, what: string): Bounds {
  const ends = isSeq(node) ? itemsOf(file, node, what) : [node, node];
  const [min, max] = ends.map((each) => boundOf(file, each, what));
  if (ends.length !== 2 || (min === undefined && max === undefined))
    throw file.wrong(node, `${what}: wanted the least and the most, as [1, 10]; null for no bound`);
  return { ...(min !== undefined && { min }), ...(max !== undefined && { max }) };
}

function boundOf(file: YamlFile, node: Node, what: string): string | undefined {
  const value: unknown = isScalar(node) ? node.value : undefined;
  if (value === null) return undefined;
  if (typeof value === 'bigint' || (typeof value === 'number' && !Number.isNaN(value))) return String(value);
  throw file.wrong(node, `${what}: wanted numbers, the least and the most, as [1, 10]`);
}
