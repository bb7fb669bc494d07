// What a server offers: the service under test, health and reflection.
import { Server } from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import { HealthImplementation, protoPath } from 'grpc-health-check';
import { manage, packageDefinition } from '../service/definition.ts';
import type { PickOne } from '../service/messages.ts';
import { createReflection } from './reflection.ts';

const health = new HealthImplementation({ '': 'SERVING', Manage: 'SERVING' });
const reflection = createReflection({ ...packageDefinition, ...loadSync(protoPath) });

/** Makes a server that answers /Manage/PickOne with `pickOne`, and does not listen yet. */
export function createServer(pickOne: PickOne): Server {
  const server = new Server();
  server.addService(manage, { PickOne: pickOne });
  health.addToServer(server);
  reflection.addToServer(server);
  return server;
}
