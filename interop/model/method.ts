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

/** Services that a program may ask unasked, before and beside the calls that it is there for. */
const beside = /^\/grpc\.(?:health|reflection|channelz)\./;

/** The path is of one of these: the server's health, what it serves, how its channels are. */
export function isBeside(path: string): boolean {
  return beside.test(path);
}
