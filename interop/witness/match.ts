/** Responses of a server of somebody's own, held against a case that leaves some of it open. */
import type { Match, PlacedRule, ValueRule } from '../model/match.ts';
import { isObject, type Json, type JsonObject, type Message } from '../model/message.ts';
import { differenceOf } from './difference.ts';
import { areSame, countOf } from './messages.ts';
import { isAs, ruleText } from './rule.ts';

/**
 * The first thing that is not as it was wanted, as differenceOf says it, or the rule that does not
 * hold: "`id` "zz" is not as wanted: pattern ^ch_". Undefined: everything is as wanted.
 */
export function differenceFrom(
  wanted: readonly Message[],
  came: readonly Message[],
  match: Match | undefined,
): string | undefined {
  if (!match) return differenceOf(wanted, came);
  const asWanted = matched(wanted, came, match);
  if (areSame(wanted, asWanted)) return undefined;
  return brokenRule(came, match.values) ?? differenceOf(modelsOf(wanted, countOf(came), match), asWanted);
}

/** What came, with what may be otherwise made as it was wanted: only what is wrong still differs. */
export function matched(
  wanted: readonly Message[],
  came: readonly Message[],
  match: Match | undefined,
): readonly Message[] {
  if (!match) return came;
  const models = modelsOf(wanted, countOf(came), match);
  const likes = singly(came).map((message, index): Message => {
    const model = models[index];
    if (message.json === undefined || model?.json === undefined) return message;
    return { ...message, json: likened(model.json, message.json, '', match) ?? null };
  });
  return areSame(models, likes) ? wanted : likes;
}

/** What each of so many responses is held against: the case's, and where there may be more, its last one again. */
function modelsOf(wanted: readonly Message[], count: number, match: Match): readonly Message[] {
  const cases = singly(wanted);
  if (!isCount(match, count)) return cases;
  return Array.from({ length: count }, (_, index) => cases[index] ?? cases.at(-1) ?? {});
}

/** Whether there may be so many responses. False: as many as the case has, and no others. */
export function isCount({ count }: Match, came: number): boolean {
  return count !== undefined && isAs({ range: count }, came);
}

/** Equal ones in a row, each by itself. */
function singly(messages: readonly Message[]): readonly Message[] {
  return messages.flatMap(({ times = 1, ...message }) => Array.from({ length: times }, () => message));
}

/** `came`, with what may be otherwise as in `wanted`; undefined: it is not there. */
function likened(
  wanted: Json | undefined,
  came: Json | undefined,
  place: string,
  match: Match,
): Json | undefined {
  const rule = ruleAt(match.values, place);
  if (rule && !isAs(rule, came)) return came;
  if (Array.isArray(came) && Array.isArray(wanted)) return likenedList(wanted, came, place, match, rule);
  if (rule) return wanted;
  return isObject(wanted) && isObject(came) ? likenedFields(wanted, came, place, match) : came;
}

/** With a rule of its own it may have another length: what is too much is held against the last item. */
function likenedList(
  wanted: readonly Json[],
  came: readonly Json[],
  place: string,
  match: Match,
  rule: ValueRule | undefined,
): Json {
  const areItemsOpen = !match.values.some((each) => each.place.startsWith(`${place}.`));
  if (rule && areItemsOpen) return wanted;
  const models = came.map((_, index) => wanted[index] ?? (rule ? wanted.at(-1) : undefined));
  const items = came.map((item, index) => likenedItem(models[index], item, place, match));
  const areModels = JSON.stringify(items) === JSON.stringify(models);
  return rule && areModels ? wanted : items;
}

/** A rule at the place is the list's. */
function likenedItem(wanted: Json | undefined, came: Json, place: string, match: Match): Json {
  return isObject(wanted) && isObject(came) ? likenedFields(wanted, came, place, match) : came;
}

function likenedFields(wanted: JsonObject, came: JsonObject, place: string, match: Match): JsonObject {
  const inside = (key: string) => (place === '' ? key : `${place}.${key}`);
  const fields: Record<string, Json> = {};
  // In the order of the case, so that only what is there can differ.
  for (const key of new Set([...Object.keys(wanted), ...Object.keys(came)])) {
    const isNamed = key in wanted || ruleAt(match.values, inside(key)) !== undefined;
    if (!isNamed && match.isPartial) continue;
    const value = likened(wanted[key], came[key], inside(key), match);
    if (value !== undefined) fields[key] = value;
  }
  return fields;
}

function ruleAt(values: readonly PlacedRule[], place: string): ValueRule | undefined {
  return values.find((each) => each.place === place)?.rule;
}

/** The first rule that a message breaks, and how. */
function brokenRule(came: readonly Message[], values: readonly PlacedRule[]): string | undefined {
  for (const { json } of came)
    for (const { place, rule } of values)
      for (const value of valuesAt(json, place.split('.')))
        if (!isAs(rule, value)) return `\`${place}\` ${shown(value)} is not as wanted: ${ruleText(rule)}`;
  return undefined;
}

/** All that stands at that place: of a list, what its items have there. */
export function valuesAt(
  json: Json | undefined,
  [key, ...rest]: readonly string[],
): readonly (Json | undefined)[] {
  if (key === undefined) return [json];
  if (Array.isArray(json)) return json.flatMap((item) => valuesAt(item, [key, ...rest]));
  return isObject(json) ? valuesAt(json[key], rest) : [];
}

function shown(value: Json | undefined): string {
  const text = JSON.stringify(value) ?? 'is absent, which';
  return text.length <= 100 ? text : `${text.slice(0, 60)}… (${text.length} characters)`;
}
