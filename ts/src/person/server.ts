// The server as a person starts it: the plain service, health and reflection.
import { parseArgs } from 'node:util';
import { Server, ServerCredentials } from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import { HealthImplementation, protoPath } from 'grpc-health-check';
import { listen } from '../listener.ts';
import { manage, packageDefinition } from '../service/definition.ts';
import { pickOne } from '../service/pick-one.ts';
import { graceFor, signalled } from '../stop.ts';
import { createReflection } from './reflection.ts';

/** Serves until SIGINT or SIGTERM; gives the exit code. */
export async function run(args: string[]): Promise<number> {
  const host = { type: 'string', default: '127.0.0.1' } as const;
  const port = { type: 'string', default: '6000' } as const;
  const { values } = parseArgs({ args, options: { host, port } });
  const credentials = ServerCredentials.createInsecure();
  const told = signalled();
  try {
    const listener = await listen(createServer(), values.host, Number(values.port), credentials);
    console.error(`listening on ${values.host}:${listener.port}`);
    await told;
    await graceFor(listener.drain());
    return 0;
  } catch (error) {
    console.error((error as Error).message);
    return 1;
  }
}

/** A server with all that a person is offered, which does not listen yet. */
export function createServer(): Server {
  const server = new Server();
  server.addService(manage, { PickOne: pickOne });
  new HealthImplementation({ '': 'SERVING', Manage: 'SERVING' }).addToServer(server);
  createReflection({ ...packageDefinition, ...loadSync(protoPath) }).addToServer(server);
  return server;
}
