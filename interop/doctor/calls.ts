/** Calls that checks make, of the service that every peer has code for. */

import { pickOne, serviceOf } from '../../contracts/manage/service.ts';
import { row } from '../../contracts/manage/table.ts';
import { builderFor, end } from '../contract/builder.ts';
import type { Call, Script } from '../model/call.ts';
import { encodeScript } from '../session/codec.ts';
import type { Answer, Caller } from './caller.ts';
import { types } from './contracts.ts';

export { table } from '../../contracts/manage/table.ts';
export { pickOne };

const service = serviceOf(builderFor('doctor', types, new Set([pickOne])));

/** A request for the row of that name, serialized. */
export function requestOf(name: string): Buffer {
  const { bytes } = service.request(pickOne, { name });
  return Buffer.from(bytes, 'base64');
}

/** The row of that name, serialized. */
export function responseOf(name: string): Buffer {
  const { bytes } = service.response(pickOne, { ...row(name) });
  return Buffer.from(bytes, 'base64');
}

/** A plain call of that name, without a library. */
export function plain(caller: Caller, name: string): Promise<Answer> {
  return caller.begin(pickOne).finish(requestOf(name));
}

/** Longer than a plain call takes that is made meanwhile, and shorter than the bound of a call. */
export const waitMs = 1_000;

/** A script that waits before it answers with Stitch's row. */
export const waiting: Script = service.script('doctor/waits', {
  row: 'Stitch',
  before: [{ waitMs }],
  end: end(),
});

/** The instruction that has a server keep it. */
export const loadWaiting = { script: encodeScript(waiting) };

/** What a call's metadata says to name it. */
export const namesWaiting = { 'stitch-script': waiting.name };

/** A call that is on its way. */
export interface Going {
  readonly answer: Promise<Answer>;
}

/** Begins a call whose script waits; resolves when the server has it. */
export async function beginWaiting(caller: Caller): Promise<Going> {
  // A server may refuse the first stream, which is then opened again.
  await plain(caller, 'Cyber');
  const answer = caller.begin(pickOne, namesWaiting).finish(requestOf('Stitch'));
  // It came behind the first, so the first is there as well.
  await plain(caller, 'Gigi');
  return { answer };
}

/** A call of that name on its way to a client; `waits`: for a server that plays the script that waits. */
export function callOf(address: string, id: string, name: string, waits = false): Call {
  const metadata = waits ? [{ key: 'stitch-script', text: waiting.name }] : [];
  return { ...service.call(name), id, address, channel: 'doctor', metadata };
}
