/** What is said of the service, by name: its methods, messages and scripts. */
import { type Builder, calling, end } from '../../interop/contract/builder.ts';
import type { ClientStep, Script, ServerStep } from '../../interop/model/call.ts';
import type { JsonObject, Message } from '../../interop/model/message.ts';
import type { PlannedCall } from '../../interop/model/scenario.ts';
import { Code } from '../../interop/model/status.ts';

export const one = '/stitch.streams.Streams/One';
export const upload = '/stitch.streams.Streams/Upload';
export const download = '/stitch.streams.Streams/Download';
export const chat = '/stitch.streams.Streams/Chat';

/** The service, as scenarios speak of it. */
export interface Service extends Builder {
  /** Sends the item of that number, or so many equal ones. */
  send(number: number, more?: JsonObject, times?: number): ClientStep & ServerStep;
  /** Items with these numbers, as a witness has them. */
  items(...numbers: readonly number[]): readonly Message[];
  /** A plain call before one that is timed: or the time to connect would count. */
  readonly connects: PlannedCall;
  /** An item, or so many equal ones, as a witness has them. */
  item(number: number, more?: JsonObject, times?: number): Message;
}

export function serviceOf(builder: Builder): Service {
  // Requests and responses are of one type.
  const itemOf = (number: number, more: JsonObject = {}) =>
    builder.request(one, { ...(number !== 0 && { number, text: `item ${number}` }), ...more });
  function item(number: number, more?: JsonObject, times = 1): Message {
    const { json } = itemOf(number, more);
    return { json, ...(times > 1 && { times }) };
  }
  return {
    ...builder,
    send: (number, more, times = 1) => ({ send: itemOf(number, more), ...(times > 1 && { times }) }),
    item,
    items: (...numbers) => numbers.map((number) => item(number)),
    connects: {
      spec: calling(one, [{ send: itemOf(0) }]),
      script: script('streams/connects', { receive: 1 }, { send: itemOf(1) }, end()),
      expect: { code: Code.OK, responses: [item(1)], served: 'answered' },
    },
  };
}

export function script(name: string, ...steps: readonly ServerStep[]): Script {
  return { name, steps };
}

/** Numbers from 1 to that. */
export function upTo(count: number): readonly number[] {
  return Array.from({ length: count }, (_, index) => index + 1);
}
