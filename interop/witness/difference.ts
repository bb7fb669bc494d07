/** Where two lists of messages differ, in a sentence. */
import type { Json, JsonObject, Message } from '../model/message.ts';
import { areSame, countOf, keyOf, merged } from './messages.ts';
import { quote } from './say.ts';

/** A place in a message: `items[2].price`. */
type Place = string;

/**
 * The first thing in which what came is not what went: "`amount` 9007199254740993 became
 * 9007199254740992", "`#15` (unknown field 15) did not survive". Undefined: they are the same.
 */
export function differenceOf(went: readonly Message[], came: readonly Message[]): string | undefined {
  if (areSame(went, came)) return undefined;
  const [before, after] = [merged(went), merged(came)];
  const several = before.length > 1 || after.length > 1;
  for (const [index, message] of before.entries()) {
    const other = after[index];
    if (!other || keyOf(message) === keyOf(other)) continue;
    const at = several ? `message ${index + 1}: ` : '';
    if (other.problem !== undefined) return `${at}it ${other.problem}`;
    if (message.problem !== undefined) return `${at}what ${message.problem} became a message`;
    return `${at}${changed('', message.json ?? null, other.json ?? null)}`;
  }
  return `${countText(countOf(went))} became ${countOf(came)}`;
}

function countText(count: number): string {
  return `${count} ${count === 1 ? 'message' : 'messages'}`;
}

function changed(place: Place, before: Json, after: Json): string {
  if (isObject(before) && isObject(after)) return changedIn(place, before, after);
  if (Array.isArray(before) && Array.isArray(after)) {
    const index = before.findIndex((each, at) => JSON.stringify(each) !== JSON.stringify(after[at]));
    if (index >= 0 && index < after.length) return changed(`${place}[${index}]`, before[index], after[index]);
    return `${named(place)} of ${before.length} items became ${after.length}`;
  }
  return `${named(place)} ${valueText(before)} became ${valueText(after)}`;
}

function changedIn(place: Place, before: JsonObject, after: JsonObject): string {
  const inside = (key: string) => (place === '' ? key : `${place}.${key}`);
  for (const [key, value] of Object.entries(before)) {
    const other = after[key];
    if (other === undefined) return `${named(inside(key))} ${lost(key, value)}`;
    if (JSON.stringify(other) !== JSON.stringify(value)) return changed(inside(key), value, other);
  }
  const [more = ''] = Object.keys(after).filter((key) => before[key] === undefined);
  return `${named(inside(more))} came from nowhere: ${valueText(after[more] ?? null)}`;
}

function lost(key: string, value: Json): string {
  return key.startsWith('#') ? 'did not survive' : `${valueText(value)} is gone`;
}

/** Fields by their name, unknown ones by their number. */
function named(place: Place): string {
  const [, number] = /#(\d+)(?:\[\d+\])?$/.exec(place) ?? [];
  return number === undefined ? `\`${place}\`` : `\`${place}\` (unknown field ${number})`;
}

function valueText(value: Json): string {
  if (typeof value === 'string' && /^-?\d+$/.test(value)) return value;
  return typeof value === 'string' ? quote(value) : quoteJson(value);
}

function quoteJson(value: Json): string {
  const text = JSON.stringify(value);
  return text.length <= 200 ? text : `${text.slice(0, 60)}… (${text.length} characters)`;
}

function isObject(value: Json): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
