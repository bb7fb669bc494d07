/** Programs that know nothing of the harness: what they are told, as their manifests show it. Pure. */
import type { CallSpec } from '../model/call.ts';
import { isObject, type Json } from '../model/message.ts';
import type { Argument, ClientPart, Part, Peer } from '../model/peer.ts';

/** Placeholders that say nothing of what is to be called; any other is about a request. */
const aside: readonly string[] = [
  'address',
  'host',
  'port',
  'case',
  'case:word',
  'call-id',
  'script',
  'metadata:key',
  'metadata:value',
  'timeout-ms',
  'timeout-s',
  'compression',
  'descriptors',
];

const placeholder = /\{([a-z0-9_:-]+)\}/gi;

/** The names between the braces, in a text. */
export function placeholdersIn(text: string): readonly string[] {
  return Array.from(text.matchAll(placeholder), ([, name = '']) => name);
}

/** All that are filled in for that role. */
export function placeholdersOf(
  part: Pick<ClientPart, 'args' | 'env' | 'input'> | undefined,
): ReadonlySet<string> {
  if (!part) return new Set();
  const found = known.get(part) ?? new Set(textsOf(part).flatMap(placeholdersIn));
  known.set(part, found);
  return found;
}

/** A plan asks again and again. */
const known = new WeakMap<object, ReadonlySet<string>>();

function textsOf({ args = [], env = {}, input = '' }: NonNullable<Parameters<typeof placeholdersOf>[0]>) {
  return [...args.flat(), ...Object.values(env), input];
}

/** Its server knows nothing of the harness, and is played as it is. */
export function isPlainServer({ address, server }: Pick<Peer, 'address' | 'server'>): boolean {
  return address !== undefined || server?.ready === 'port';
}

/** It is run once a case, since it is not told what to call: it makes all calls of the case by itself. */
export function isRunOnceACase({ client }: Pick<Peer, 'client'>): boolean {
  const { output } = client ?? {};
  return output !== undefined && [...placeholdersOf(client)].every((name) => aside.includes(name));
}

/** It is told which case it is in, and so knows what is to come of it. */
export function isNamingCases({ client }: Pick<Peer, 'client'>): boolean {
  const all = placeholdersOf(client);
  return all.has('case') || all.has('case:word');
}

/** Its calls have the id that they are given, and so can be told apart; every peer's have. */
export function isNamingCalls({ client }: Pick<Peer, 'client'>): boolean {
  return tells(client, 'call-id');
}

/** Its calls name the script that is to answer them; every peer's do. */
export function isNamingScripts({ client }: Pick<Peer, 'client'>): boolean {
  return tells(client, 'script');
}

/** A program that is run once a case makes more calls than there are ids to give it. */
function tells(client: ClientPart | undefined, what: 'call-id' | 'script'): boolean {
  if (client?.output === undefined) return true;
  const all = placeholdersOf(client);
  return !isRunOnceACase({ client }) && (all.has(what) || all.has('metadata:key'));
}

/** One value of many lines, which may be fifty times a mebibyte: they are not put together where they need not be. */
export interface Lines {
  readonly lines: readonly string[];
}

/** What stands for `{host}`, `{port}`, … by the name between the braces: one value, or none or several. */
export type Values = Readonly<Record<string, string | Lines | readonly string[]>>;

/** Arguments with what is known filled in; a list of them as often as its placeholders have values. */
export function argumentsOf(args: readonly Argument[] | undefined, values: Values): readonly string[] {
  return (args ?? []).flatMap((argument) =>
    typeof argument === 'string' ? [filled(argument, values)] : repeated(argument, values),
  );
}

function repeated(group: readonly string[], values: Values): readonly string[] {
  const known = group.flatMap(placeholdersIn).map((name) => [name, values[name]] as const);
  const times = Math.min(...known.map(([, value = '']) => (isOne(value) ? Infinity : value.length)));
  const count = Number.isFinite(times) ? times : 1;
  return Array.from({ length: count }, (_, index) => {
    const own = known.flatMap(([name, value]) =>
      value === undefined ? [] : [[name, isOne(value) ? value : (value[index] ?? '')] as const],
    );
    return group.map((text) => filled(text, Object.fromEntries(own)));
  }).flat();
}

function isOne(value: Values[string]): value is string | Lines {
  return typeof value === 'string' || 'lines' in value;
}

/** Once over the text: a value that looks like a placeholder is a value. Of several values each is a line. */
export function filled(text: string, values: Values): string {
  return [...piecesOf(text, values)].join('');
}

/** The same, piece by piece. */
export function* piecesOf(text: string, values: Values): Generator<string> {
  let at = 0;
  for (const { 0: found, 1: name = '', index } of text.matchAll(placeholder)) {
    yield text.slice(at, index);
    at = index + found.length;
    for (const [number, line] of linesOf(values[name] ?? found).entries()) {
      if (number > 0) yield '\n';
      yield line;
    }
  }
  yield text.slice(at);
}

function linesOf(value: Values[string]): readonly string[] {
  if (typeof value === 'string') return [value];
  return 'lines' in value ? value.lines : value;
}

/** What a call's placeholders stand for, but for where it goes and what it is called. */
export function valuesOfCall({ method, metadata, timeoutMs, compression, steps }: CallSpec): Values {
  const requests = steps.filter((step) => 'send' in step);
  const script = metadata.find(({ key }) => key === 'stitch-script');
  return {
    method: method.slice(1),
    get 'request:json'() {
      return { lines: requests.flatMap(({ send, times }) => repeat(JSON.stringify(send.json), times)) };
    },
    ...fieldsOf(requests[0]?.send.json),
    script: script && 'text' in script ? [script.text] : [],
    'metadata:key': metadata.map(({ key }) => key),
    'metadata:value': metadata.map((entry) => ('text' in entry ? entry.text : entry.binary)),
    'timeout-ms': timeoutMs === undefined ? [] : [String(timeoutMs)],
    'timeout-s': timeoutMs === undefined ? [] : [String(timeoutMs / 1000)],
    compression: compression === undefined ? [] : [compression],
  };
}

function repeat(text: string, times = 1): readonly string[] {
  return Array.from({ length: times }, () => text);
}

/** `{name}` is the text of the field, `{name:json}` the same as JSON. */
function fieldsOf(request: Json | undefined): Values {
  if (!isObject(request)) return {};
  return Object.fromEntries(
    Object.entries(request).flatMap(([name, value]) => [
      [name, typeof value === 'string' ? value : JSON.stringify(value)],
      [`${name}:json`, JSON.stringify(value)],
    ]),
  );
}

/** Of one argument, or one variable (MAX_ARG_STRLEN of Linux, less its end); and of all of them together. */
const longestBytes = 131_071;
const togetherBytes = 1024 * 1024;

/**
 * Whether a command line, and an environment, can carry the call to the program: a NUL ends a text there,
 * what is no Unicode has no bytes, and there is an end to their length. Standard input carries anything.
 */
export function isCarried({ client }: Pick<Peer, 'client'>, call: CallSpec): boolean {
  if (!client?.output) return true;
  const { args = [], env = {} } = client;
  const values = valuesOfCall(isToldRequests({ args, env }) ? call : { ...call, steps: [] });
  const texts = [...argumentsOf(args, values), ...Object.values(env).map((text) => filled(text, values))];
  const lengths = texts.map((text) => Buffer.byteLength(text));
  return (
    texts.every((text) => text.isWellFormed() && !text.includes('\0')) &&
    Math.max(0, ...lengths) < longestBytes &&
    lengths.reduce((sum, length) => sum + length, 0) < togetherBytes
  );
}

/** Most command lines say nothing of requests, some of which are megabytes. */
function isToldRequests(part: Pick<Part, 'args' | 'env'>): boolean {
  return [...placeholdersOf(part)].some((name) => name !== 'method' && !aside.includes(name));
}
