/** What a value must be, held against one that came. */
import type { Bounds, ValueRule } from '../model/match.ts';
import { isObject, type Json } from '../model/message.ts';

/** Whether the rule holds. */
export function isAs(rule: ValueRule, value: Json | undefined): boolean {
  if ('any' in rule) return true;
  if (value === undefined) return false;
  if ('type' in rule) return isOfType(rule.type, value);
  if ('pattern' in rule) return typeof value === 'string' && new RegExp(rule.pattern, 'su').test(value);
  if ('range' in rule) return isNumber(value) && isBetween(rule.range, value);
  if ('length' in rule) {
    const length = lengthOf(value);
    return length !== undefined && isBetween(rule.length, length);
  }
  return rule satisfies never;
}

/** Kinds of values by their names. */
export const valueTypes = ['text', 'number', 'bool', 'list', 'message'] as const;

function isOfType(type: string, value: Json): boolean {
  switch (type) {
    case 'text':
      return typeof value === 'string';
    case 'number':
      return isNumber(value);
    case 'bool':
      return typeof value === 'boolean';
    case 'list':
      return Array.isArray(value);
    case 'message':
      return isObject(value);
    default:
      return isObject(value) && String(value['@type']).replace(/^.*\//, '') === type;
  }
}

/** 64-bit integers are texts, and so is what JSON has no number for. */
function isNumber(value: Json): value is number | string {
  return typeof value === 'number' || (typeof value === 'string' && /^(?:-?\d+|NaN|-?Infinity)$/.test(value));
}

function isBetween({ min, max }: Bounds, value: number | string): boolean {
  const number = exact(value);
  if (Number.isNaN(number)) return false;
  return (min === undefined || number >= exact(min)) && (max === undefined || number <= exact(max));
}

/** Integers with all their digits. */
function exact(value: number | string): number | bigint {
  return typeof value === 'string' && /^-?\d+$/.test(value) ? BigInt(value) : Number(value);
}

function lengthOf(value: Json): number | undefined {
  if (typeof value === 'string') return [...value].length;
  if (Array.isArray(value)) return value.length;
  return isObject(value) ? Object.keys(value).length : undefined;
}

/** `pattern ^ch_`, `range 1 to 10`. */
export function ruleText(rule: ValueRule): string {
  const [[name, value] = ['']] = Object.entries(rule) as [string, unknown][];
  if (name === 'any') return name;
  if (typeof value === 'string') return `${name} ${value}`;
  const { min, max } = value as Bounds;
  if (min === undefined) return `${name} at most ${max}`;
  return max === undefined ? `${name} at least ${min}` : `${name} ${min} to ${max}`;
}
