/** Messages held against each other field by field. */
import { isObject, type Json, type Message } from '../model/message.ts';
import { messagesText, quote } from '../witness/say.ts';

/** One field, or a whole message, that somebody has otherwise than it was wanted. */
export interface FieldRow {
  /** `items[2].price`; in a stream `message 3: items[2].price`, and `message 3` for all of it. */
  readonly place: string;
  readonly wanted: string;
  /** What each witness has there; undefined: it does not say. */
  readonly said: readonly (string | undefined)[];
}

/** More of a stream, or of a message, is not looked through. */
const longest = 1_000;

const absent = 'absent';

/** Fields that are not in all lists as in `wanted`, in its order; behind them those that only came. */
export function fieldRows(
  wanted: readonly Message[],
  said: readonly (readonly Message[] | undefined)[],
): readonly FieldRow[] {
  const [wants, ...came] = [wanted, ...said].map((list) => list && singly(list));
  if (!wants) return [];
  const count = Math.max(wants.length, ...came.map((list) => list?.length ?? 0));
  return Array.from({ length: count }, (_, index) => {
    const name = count === 1 ? '' : `message ${index + 1}`;
    return rowsOfMessage(
      name,
      wants[index],
      came.map((list) => list && { message: list[index] }),
    );
  }).flat();
}

type Came = { readonly message: Message | undefined } | undefined;

function rowsOfMessage(
  name: string,
  wanted: Message | undefined,
  came: readonly Came[],
): readonly FieldRow[] {
  const isWhole = [wanted, ...came.map((each) => (each ? each.message : wanted))].every(
    (message) => message?.json !== undefined,
  );
  if (!isWhole) {
    const said = came.map((each) => each && messageText(each.message));
    return differing([{ place: name || 'message', wanted: messageText(wanted), said }]);
  }
  const [wants, ...fields] = [wanted, ...came.map((each) => each?.message)].map(
    (message) => message && fieldsOf(message.json ?? null),
  );
  const places = new Set([wants, ...fields].flatMap((each) => [...(each?.keys() ?? [])]));
  return differing(
    [...places].map((place) => ({
      place: [name, place].filter(Boolean).join(': ') || 'message',
      wanted: wants?.get(place) ?? absent,
      said: fields.map((each) => each && (each.get(place) ?? absent)),
    })),
  );
}

function differing(rows: readonly FieldRow[]): readonly FieldRow[] {
  return rows.filter(({ wanted, said }) => said.some((each) => each !== undefined && each !== wanted));
}

function messageText(message: Message | undefined): string {
  if (!message) return absent;
  return message.problem === undefined ? messagesText([message]) : `one that ${message.problem}`;
}

/** Equal ones in a row, each by itself. */
function singly(messages: readonly Message[]): readonly Message[] {
  return messages.flatMap((message) =>
    Array.from({ length: Math.min(message.times ?? 1, longest) }, () => message),
  );
}

/** What is in a message by its place, innermost. */
function fieldsOf(json: Json): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  function walk(place: string, value: Json): void {
    if (found.size === longest) return;
    const inner = Array.isArray(value)
      ? value.map((each, index) => [`${place}[${index}]`, each] as const)
      : isObject(value)
        ? Object.entries(value).map(([key, each]) => [place === '' ? key : `${place}.${key}`, each] as const)
        : [];
    if (inner.length === 0)
      found.set(place, typeof value === 'string' ? quote(value) : JSON.stringify(value));
    for (const [at, each] of inner) walk(at, each);
  }
  walk('', json);
  return found;
}
