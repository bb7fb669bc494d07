/** What is said of the service, by name: its methods, messages and scripts. */
import { type Builder, calling, end } from '../../interop/contract/builder.ts';
import type { ClientStep, Script, ServerStep } from '../../interop/model/call.ts';
import type { JsonObject, Message, Payload } from '../../interop/model/message.ts';
import type { PlannedCall } from '../../interop/model/scenario.ts';
import { Code } from '../../interop/model/status.ts';

export const one = '/stitch.streams.Streams/One';
export const upload = '/stitch.streams.Streams/Upload';
export const download = '/stitch.streams.Streams/Download';
export const chat = '/stitch.streams.Streams/Chat';

/** The service, as scenarios speak of it. */
export interface Service extends Builder {
  /** The item of that number. Requests and responses are of one type. */
  payload(number: number, more?: JsonObject): Payload;
  send(number: number, more?: JsonObject): ClientStep & ServerStep;
  /** Items with these numbers, as a witness has them. */
  items(...numbers: readonly number[]): readonly Message[];
  /** A plain call before one that is timed: or the time to connect would count. */
  readonly connects: PlannedCall;
}

export function serviceOf(builder: Builder): Service {
  const payload = (number: number, more: JsonObject = {}) =>
    builder.request(one, { ...(number !== 0 && { number, text: `item ${number}` }), ...more });
  const items = (...numbers: readonly number[]) => numbers.map((number) => ({ json: payload(number).json }));
  return {
    ...builder,
    payload,
    send: (number, more) => ({ send: payload(number, more) }),
    items,
    connects: {
      spec: calling(one, [{ send: payload(0) }]),
      script: script('streams/connects', { receive: 1 }, { send: payload(1) }, end()),
      expect: { code: Code.OK, responses: items(1), served: 'answered' },
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
