// The health check, for a person and for a container's health probe.
import { parseArgs } from 'node:util';
import type { MethodDefinition } from '@grpc/grpc-js';
import { service } from 'grpc-health-check';
import { callUnary, connect } from './unary.ts';

/** Health.Check; a request without a service means the whole server. */
type Check = MethodDefinition<{ readonly service?: string }, { readonly status: string }>;

/** Asks for the health of the whole server; gives the exit code, 0 when it is SERVING. */
export async function run(args: string[]): Promise<number> {
  const options = { address: { type: 'string', default: '127.0.0.1:6000' } } as const;
  const { address } = parseArgs({ args, options }).values;
  try {
    const { status } = await callUnary(connect(address), service.Check as Check, {}, 2_000);
    if (status === 'SERVING') return 0;
    console.error(`${address} is ${status}`);
  } catch (error) {
    console.error(`${address} does not tell its health: ${(error as Error).message}`);
  }
  return 1;
}
