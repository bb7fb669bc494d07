import { clientLies } from './client-lies.ts';
import { clientWireLies } from './client-wire-lies.ts';
import { frameQuirks } from './frame-quirks.ts';
import type { Lie } from './manners.ts';
import { quirks } from './quirks.ts';
import { serverLies } from './server-lies.ts';
import { serverWireLies } from './server-wire-lies.ts';
import { swapLies } from './swap-lies.ts';
import { unrulyLies } from './unruly-lies.ts';
import { wireLies } from './wire-lies.ts';

const all = {
  ...serverLies,
  ...clientLies,
  ...wireLies,
  ...serverWireLies,
  ...clientWireLies,
  ...swapLies,
  ...unrulyLies,
  ...quirks,
  ...frameQuirks,
};

export type LieName = keyof typeof all;

/** Every lie by its name; what each does wrong is told in catalogue.ts. */
export const lies: Readonly<Record<string, Lie>> = all;
