/** What of a response need not be as the case has it, since a server of somebody's own says what it likes there. */

/** From and to, both included; what is absent is no bound. Digits, so that 64-bit integers keep all of theirs. */
export interface Bounds {
  readonly min?: string;
  readonly max?: string;
}

/** What a value must be, by one name: no expressions. */
export type ValueRule =
  /** Whatever it is, and whether or not it is there. */
  | { readonly any: true }
  /** There, and of that kind; of an Any, the full name of its message. */
  | { readonly type: string }
  /** A text in which the regular expression is found. */
  | { readonly pattern: string }
  /** A number within the bounds. */
  | { readonly range: Bounds }
  /** So many characters of a text, items of a list, entries of a map. */
  | { readonly length: Bounds };

/** A rule, and where it holds: names of fields and keys of maps, as `items.price`; of a list for each item. */
export interface PlacedRule {
  readonly place: string;
  readonly rule: ValueRule;
}

export interface Match {
  /** Fields that the case does not name may be there, at every depth. */
  readonly isPartial?: true;
  readonly values: readonly PlacedRule[];
  /** So many responses: those that are too many are like the last one of the case. Absent: as many as the case has. */
  readonly count?: Bounds;
}
