/** A method's kind, as its .proto says it. */
export type MethodKind = 'unary' | 'client-streams' | 'server-streams' | 'bidi-streams';

/** Its client sends exactly one message. */
export function takesOneRequest(kind: MethodKind): boolean {
  return kind === 'unary' || kind === 'server-streams';
}

/** Its server sends exactly one message, when it succeeds. */
export function givesOneResponse(kind: MethodKind): boolean {
  return kind === 'unary' || kind === 'client-streams';
}
