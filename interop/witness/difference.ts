/** Where two lists of messages differ, in a sentence. */
import { isObject, type Json, type JsonObject, type Message } from '../model/message.ts';
import { areSame, countOf, merged, saysTheSame } from './messages.ts';
import { quote } from './say.ts';

/** A place in a message: `items[2].price`. */
type Place = string;

/**
 * The first thing in which what came is not what went: "`amount` 9007199254740993 became
 * 9007199254740992", "`#15` (unknown field 15) did not survive". Undefined: they are the same.
 */
export function differenceOf(went: readonly Message[], came: readonly Message[]): string | undefined {
  if (areSame(went, came)) return undefined;
  const several = countOf(went) > 1 || countOf(came) > 1;
  const first = firstDiffering(merged(went), merged(came));
  if (!first) return `${countText(countOf(went))} became ${countOf(came)}`;
  const at = several ? `message ${first.number}: ` : '';
  const [message, other] = first.pair;
  if (other.problem !== undefined) return `${at}it ${other.problem}`;
  if (message.problem !== undefined) return `${at}what ${message.problem} became a message`;
  return `${at}${changed('', message.json ?? null, other.json ?? null)}`;
}

/** Which of the messages is the first that is another, counted from 1; undefined: none is, though there may be more or fewer. */
export function differingMessage(went: readonly Message[], came: readonly Message[]): number | undefined {
  return firstDiffering(merged(went), merged(came))?.number;
}

/** The first two of the same place that are not the same, counted from 1. Undefined: there are only more, or fewer. */
function firstDiffering(went: readonly Message[], came: readonly Message[]) {
  const [before, after] = [runsOf(went), runsOf(came)];
  for (let number = 1; before[0] && after[0]; ) {
    const [one, other] = [before[0], after[0]];
    if (!saysTheSame(one.message, other.message))
      return { number, pair: [one.message, other.message] as const };
    const same = Math.min(one.left, other.left);
    number += same;
    for (const [runs, run] of [
      [before, one],
      [after, other],
    ] as const) {
      run.left -= same;
      if (run.left === 0) runs.shift();
    }
  }
  return undefined;
}

function runsOf(messages: readonly Message[]) {
  return messages.map((message) => ({ message, left: message.times ?? 1 }));
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
  if (place === '') return 'it';
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
