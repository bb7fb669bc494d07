/** JSON as the log has it. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: Json;
}

/** Neither a list nor null. */
export function isObject(json: Json | undefined): json is JsonObject {
  return typeof json === 'object' && json !== null && !Array.isArray(json);
}

/**
 * A message as a witness has it, in plain data, so that whoever compares or shows it
 * needs no descriptor: two messages of one type are equal exactly when their `json` is.
 */
export interface Message {
  /**
   * ProtoJSON with the names of the .proto, fields by number and the entries of a map by
   * key. What the descriptor does not have is `"#15": ["varint 7"]`. 64-bit integers, -0,
   * NaN and infinities are strings. Absent: it could not be read, and `problem` says why.
   */
  readonly json?: Json;
  /** Why it could not be read, or what is wrong with it, as a clause: `is no Order: …`. */
  readonly problem?: string;
  /** So many equal ones in a row; absent: one. */
  readonly times?: number;
}

/** A message to be sent. */
export interface Payload extends Message {
  readonly json: Json;
  /** Serialized, in base64. */
  readonly bytes: string;
}
