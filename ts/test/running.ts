// The person's server in this process.
import { ServerCredentials } from '@grpc/grpc-js';
import { listen } from '../src/listener.ts';
import { createServer } from '../src/person/server.ts';

/** Starts it on a port of the system's choice. */
export async function running(): Promise<Disposable & { readonly address: string }> {
  const listener = await listen(createServer(), '127.0.0.1', 0, ServerCredentials.createInsecure());
  return { address: `127.0.0.1:${listener.port}`, [Symbol.dispose]: listener.close };
}
