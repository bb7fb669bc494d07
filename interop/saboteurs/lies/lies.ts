import type { Lie } from '../program/behaviour.ts';
import { clientLies } from './client.ts';
import { clientWireLies } from './client-wire.ts';
import { contractLies } from './contract.ts';
import { quirks } from './quirks.ts';
import { frameQuirks } from './quirks-in-frames.ts';
import { serverLies } from './server.ts';
import { serverWireLies } from './server-wire.ts';
import { strangeLies } from './strangers.ts';
import { streamLies } from './streams.ts';
import { swapLies } from './swaps.ts';
import { tlsLies } from './tls.ts';
import { unrulyLies } from './unruly.ts';
import { valueLies } from './values.ts';
import { wireLies } from './wire.ts';

const all = {
  ...serverLies,
  ...clientLies,
  ...wireLies,
  ...serverWireLies,
  ...clientWireLies,
  ...swapLies,
  ...streamLies,
  ...valueLies,
  ...tlsLies,
  ...unrulyLies,
  ...quirks,
  ...frameQuirks,
  ...strangeLies,
};

export type LieName = keyof typeof all;

/** Every lie by its name that some scenario must tell on; what each does wrong is told in the catalogue. */
export const lies: Readonly<Record<string, Lie>> = all;

/** One of these, or one that breaks what no scenario looks at. Throws when there is none of that name. */
export function lieNamed(name: string): Lie {
  const lie = lies[name] ?? (contractLies as typeof lies)[name];
  if (!lie) throw new Error(`no lie is named ${name}`);
  return lie;
}
