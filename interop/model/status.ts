/** gRPC status codes by name, as https://grpc.github.io/grpc/core/md_doc_statuscodes.html numbers them. */
export const Code = {
  OK: 0,
  CANCELLED: 1,
  UNKNOWN: 2,
  INVALID_ARGUMENT: 3,
  DEADLINE_EXCEEDED: 4,
  NOT_FOUND: 5,
  ALREADY_EXISTS: 6,
  PERMISSION_DENIED: 7,
  RESOURCE_EXHAUSTED: 8,
  FAILED_PRECONDITION: 9,
  ABORTED: 10,
  OUT_OF_RANGE: 11,
  UNIMPLEMENTED: 12,
  INTERNAL: 13,
  UNAVAILABLE: 14,
  DATA_LOSS: 15,
  UNAUTHENTICATED: 16,
} as const;

export type CodeName = keyof typeof Code;
export type Code = (typeof Code)[CodeName];

const names = new Map<number, string>(Object.entries(Code).map(([name, code]) => [code, name]));

/** `CANCELLED or UNKNOWN`. */
export function codesText(codes: readonly number[]): string {
  return codes.length === names.size ? 'any status code' : codes.map(codeName).join(' or ');
}

/** `NOT_FOUND` for 5; `code 99` for what is no code. */
export function codeName(code: number): string {
  return names.get(code) ?? `code ${code}`;
}
