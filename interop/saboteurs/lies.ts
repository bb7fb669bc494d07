import { clientLies } from './client-lies.ts';
import type { Lie } from './manners.ts';
import { serverLies } from './server-lies.ts';
import { unrulyLies } from './unruly-lies.ts';

export type LieName = keyof typeof clientLies | keyof typeof serverLies | keyof typeof unrulyLies;

/** Every lie by its name; what each does wrong is told in catalogue.ts. */
export const lies: Readonly<Record<string, Lie>> = { ...serverLies, ...clientLies, ...unrulyLies };
