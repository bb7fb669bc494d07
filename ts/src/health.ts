// The health check, for a person and for a container's health probe.
import {
  type CallOptions,
  Client,
  credentials,
  type MethodDefinition,
  type ServiceError,
  status,
} from '@grpc/grpc-js';
import { service } from 'grpc-health-check';
import { channelOptions } from './service/definition.ts';

/** Health.Check; a request without a service means the whole server. */
type Check = MethodDefinition<{ readonly service?: string }, { readonly status: string }>;

const timeoutMs = 2_000;

/** Asks for the health of the whole server; gives the exit code, 0 when it is SERVING. */
export async function checkHealth(address: string): Promise<number> {
  const client = new Client(address, credentials.createInsecure(), channelOptions);
  try {
    const health = await check(client, { deadline: Date.now() + timeoutMs });
    if (health === 'SERVING') return 0;
    console.error(`${address} is ${health}`);
  } catch (error) {
    const { code, details } = error as ServiceError;
    console.error(`${address} does not tell its health: ${status[code]}: ${details}`);
  } finally {
    client.close();
  }
  return 1;
}

function check(client: Client, options: CallOptions): Promise<string | undefined> {
  const { path, requestSerialize, responseDeserialize } = service.Check as Check;
  return new Promise((resolve, reject) => {
    client.makeUnaryRequest(path, requestSerialize, responseDeserialize, {}, options, (error, reply) => {
      if (error === null) resolve(reply?.status);
      else reject(error);
    });
  });
}
