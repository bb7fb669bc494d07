import type { Method } from '../../../messages/types.ts';

const single: Readonly<Record<'request' | 'response', readonly Method['kind'][]>> = {
  request: ['unary', 'server-streams'],
  response: ['unary', 'client-streams'],
};

/** Calls of the method have exactly one of these. */
export function isSingle({ kind }: Method, what: 'request' | 'response'): boolean {
  return single[what].includes(kind);
}
