import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Client, credentials, type MethodDefinition } from '@grpc/grpc-js';
import { loadSync, type ServiceDefinition } from '@grpc/proto-loader';
import { service as health } from 'grpc-health-check';
import { createServer } from '../src/server/offer.ts';
import { pickOne } from '../src/service/pick-one.ts';
import { running } from './running.ts';

const protos = new URL('../node_modules/@grpc/reflection/build/proto/', import.meta.url);

interface Reflected {
  readonly listServicesResponse: { readonly service: readonly { readonly name: string }[] };
}

for (const version of ['v1', 'v1alpha']) {
  test(`reflection ${version} lists the services`, async () => {
    using server = await running(createServer(pickOne));
    const file = fileURLToPath(new URL(`grpc/reflection/${version}/reflection.proto`, protos));
    const service = loadSync(file)[`grpc.reflection.${version}.ServerReflection`] as ServiceDefinition;
    const { path, requestSerialize, responseDeserialize } = service.ServerReflectionInfo as MethodDefinition<
      object,
      Reflected
    >;
    const client = new Client(server.address, credentials.createInsecure());
    const stream = client.makeBidiStreamRequest(path, requestSerialize, responseDeserialize);
    stream.end({ listServices: '' });
    const [reflected]: Reflected[] = await once(stream, 'data');
    client.close();
    const names = reflected?.listServicesResponse.service.map(({ name }) => name);
    // The library puts a dot before a service that has no package.
    assert.deepEqual(names?.sort(), ['.Manage', 'grpc.health.v1.Health']);
  });
}

for (const [name, expected] of [
  ['', 'SERVING'],
  ['Manage', 'SERVING'],
  ['Nobody', 5],
] as const) {
  test(`the health of "${name}" is ${expected}`, async () => {
    using server = await running(createServer(pickOne));
    const { path, requestSerialize, responseDeserialize } = health.Check as MethodDefinition<
      object,
      { readonly status: string }
    >;
    const client = new Client(server.address, credentials.createInsecure());
    const answer = await new Promise((resolve) => {
      client.makeUnaryRequest(
        path,
        requestSerialize,
        responseDeserialize,
        { service: name },
        (error, reply) => resolve(error?.code ?? reply?.status),
      );
    });
    client.close();
    assert.equal(answer, expected);
  });
}
