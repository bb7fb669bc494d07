import type { Lie } from '../program/behaviour.ts';

/** Throws when there is none of that name. */
export function lieNamed(name: string): Lie {
  throw new Error(`no lie is named ${name}`);
}
