import type { Types } from '../messages/types.ts';
import type { Scenario } from '../model/scenario.ts';

/** What is played: a folder with a .proto and cases. */
export interface Contract {
  /** The folder's name, unless it says another. */
  readonly name: string;
  /** Absolute path of its folder. Undefined: it was made of what a server says of itself. */
  readonly folder: string | undefined;
  readonly types: Types;
  readonly scenarios: readonly Scenario[];
  /** What a person should know of it, a sentence each. */
  readonly notes: readonly string[];
}

/** Contracts that are played in one run. */
export interface Contracts {
  readonly contracts: readonly Contract[];
  /** In the order in which a pairing plays them. */
  readonly scenarios: readonly Scenario[];
  /** Those of all of them, for peers and for who reads along. */
  readonly types: Types;
}
