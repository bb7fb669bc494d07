import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Client, credentials, type MethodDefinition, status } from '@grpc/grpc-js';
import { loadFileDescriptorSetFromObject, loadSync, type ServiceDefinition } from '@grpc/proto-loader';
import { service as health } from 'grpc-health-check';
import descriptor, { type IFileDescriptorProto } from 'protobufjs/ext/descriptor/index.js';
import { running } from './running.ts';

const protos = new URL('../node_modules/@grpc/reflection/build/proto/', import.meta.url);

interface Reflected {
  readonly originalRequest: object;
  readonly listServicesResponse?: { readonly service: readonly { readonly name: string }[] };
  readonly fileDescriptorResponse?: { readonly fileDescriptorProto: readonly Buffer[] };
  readonly errorResponse?: { readonly errorCode: number };
}

/** What a server that was just started answers to one request of reflection. */
async function reflect(version: string, request: object): Promise<Reflected> {
  using server = await running();
  const file = fileURLToPath(new URL(`grpc/reflection/${version}/reflection.proto`, protos));
  const service = loadSync(file)[`grpc.reflection.${version}.ServerReflection`] as ServiceDefinition;
  const { path, requestSerialize, responseDeserialize } = service.ServerReflectionInfo as MethodDefinition<
    object,
    Reflected
  >;
  const client = new Client(server.address, credentials.createInsecure());
  const stream = client.makeBidiStreamRequest(path, requestSerialize, responseDeserialize);
  stream.end(request);
  const [reflected]: Reflected[] = await once(stream, 'data');
  client.close();
  assert.ok(reflected);
  return reflected;
}

/** The file that an answer carries. */
function onlyFile({ fileDescriptorResponse }: Reflected): IFileDescriptorProto {
  const [bytes, ...others] = fileDescriptorResponse?.fileDescriptorProto ?? [];
  assert.ok(bytes);
  assert.deepEqual(others, []);
  return descriptor.FileDescriptorProto.toObject(descriptor.FileDescriptorProto.decode(bytes));
}

for (const version of ['v1', 'v1alpha']) {
  test(`reflection ${version} lists the services`, async () => {
    const { listServicesResponse } = await reflect(version, { listServices: '' });
    const names = listServicesResponse?.service.map(({ name }) => name);
    assert.deepEqual(names?.sort(), ['Manage', 'grpc.health.v1.Health']);
  });

  for (const [symbol, service, method] of [
    ['Manage', 'Manage', 'PickOne'],
    ['Manage.PickOne', 'Manage', 'PickOne'],
    ['NameRequest', 'Manage', 'PickOne'],
    ['grpc.health.v1.Health', 'Health', 'Check'],
  ] as const) {
    test(`reflection ${version} has the file that defines ${symbol}`, async () => {
      const request = { host: 'any', fileContainingSymbol: symbol };
      const reflected = await reflect(version, request);
      assert.deepEqual(reflected.originalRequest, request);
      const file = onlyFile(reflected);
      assert.deepEqual(
        file.service?.map(({ name }) => name),
        [service],
      );
      // A client makes its call from this alone.
      const definitions = loadFileDescriptorSetFromObject({ file: [file] });
      const name = file.package ? `${file.package}.${service}` : service;
      const { path } = (definitions[name] as ServiceDefinition)[method] ?? {};
      assert.equal(path, `/${name}/${method}`);
    });
  }

  test(`reflection ${version} says so when it does not know a symbol`, async () => {
    const request = { host: 'any', fileContainingSymbol: 'Nobody' };
    const { originalRequest, errorResponse } = await reflect(version, request);
    assert.deepEqual(originalRequest, request);
    assert.equal(errorResponse?.errorCode, status.NOT_FOUND);
  });
}

test("a map's entry is named after its field, as descriptors must", async () => {
  const file = onlyFile(await reflect('v1', { fileContainingSymbol: 'grpc.health.v1.Health' }));
  const message = file.messageType?.find(({ name }) => name === 'HealthListResponse');
  assert.deepEqual(
    message?.field?.map(({ name, typeName }) => [name, typeName]),
    [['statuses', 'StatusesEntry']],
  );
  assert.deepEqual(
    message.nestedType?.map(({ name, options }) => [name, options?.mapEntry]),
    [['StatusesEntry', true]],
  );
});

for (const [name, expected] of [
  ['', 'SERVING'],
  ['Manage', 'SERVING'],
  ['Nobody', 5],
] as const) {
  test(`the health of "${name}" is ${expected}`, async () => {
    using server = await running();
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
