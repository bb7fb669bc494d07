/** Reflection of servers that are well and less well brought up. */
import { once } from 'node:events';
import { createServer, type Http2Server, type ServerHttp2Stream } from 'node:http2';
import net, { type AddressInfo } from 'node:net';
import { fromBinary, toBinary } from '@bufbuild/protobuf';
import { BinaryReader, BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import { FileDescriptorProtoSchema, FileDescriptorSetSchema } from '@bufbuild/protobuf/wkt';
import { afterEach, describe, expect, it } from 'vitest';
import { loadContracts, ownContracts } from '../contract/load.ts';
import { readTypes } from '../messages/types.ts';
import { reflect } from './reflect.ts';

const { types } = await loadContracts(ownContracts());
const { file: files } = fromBinary(FileDescriptorSetSchema, Buffer.from(types.files, 'base64'));

const open: { close(): void }[] = [];
afterEach(() => {
  for (const each of open.splice(0)) each.close();
});

interface Told {
  readonly services: readonly string[];
  /** Gives files one at a time, never with what they import. */
  readonly version?: 'v1' | 'v1alpha';
  /** Names of files that it does not give. */
  readonly without?: readonly string[];
  /** Bytes of each frame; whole messages when absent. */
  readonly frameBytes?: number;
}

/** A server with reflection and nothing else; gives its address. */
async function aServer({ services, version = 'v1', without = [], frameBytes }: Told): Promise<string> {
  const server = createServer();
  server.on('stream', (stream, headers) => {
    stream.on('error', () => {});
    if (headers[':path'] !== `/grpc.reflection.${version}.ServerReflection/ServerReflectionInfo`)
      return stream.respond(
        { ':status': 200, 'content-type': 'application/grpc', 'grpc-status': '12' },
        { endStream: true },
      );
    stream.respond({ ':status': 200, 'content-type': 'application/grpc' });
    answer(stream, (question) => toldOf(question, services, without), frameBytes);
  });
  return listening(server);
}

async function listening(server: Http2Server | net.Server): Promise<string> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  open.push(server);
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function answer(
  stream: ServerHttp2Stream,
  told: (question: Uint8Array) => Uint8Array,
  frameBytes = Infinity,
) {
  let rest: Buffer = Buffer.alloc(0);
  stream.on('data', (chunk: Buffer) => {
    rest = Buffer.concat([rest, chunk]);
    while (rest.length >= 5 && rest.length >= 5 + rest.readUInt32BE(1)) {
      const end = 5 + rest.readUInt32BE(1);
      const message = told(rest.subarray(5, end));
      rest = rest.subarray(end);
      const prefix = Buffer.alloc(5);
      prefix.writeUInt32BE(message.length, 1);
      const bytes = Buffer.concat([prefix, message]);
      for (let at = 0; at < bytes.length; at += Math.min(frameBytes, bytes.length))
        stream.write(bytes.subarray(at, at + frameBytes));
    }
  });
}

/** By the field numbers of grpc/reflection/v1/reflection.proto. */
function toldOf(question: Uint8Array, services: readonly string[], without: readonly string[]): Uint8Array {
  const reader = new BinaryReader(question);
  const [field] = reader.tag();
  const text = reader.string();
  if (field === 7) return inside(6, ...services.map((name) => inside(1, inside(1, Buffer.from(name)))));
  const file = files.find((each) =>
    field === 3
      ? each.name === text
      : each.service.some(({ name }) => `${each.package === '' ? '' : `${each.package}.`}${name}` === text),
  );
  return file && !without.includes(file.name)
    ? inside(4, inside(1, toBinary(FileDescriptorProtoSchema, file)))
    : inside(7, inside(2, Buffer.from(`${text} is not here`)));
}

function inside(field: number, ...parts: readonly Uint8Array[]): Uint8Array {
  return new BinaryWriter().tag(field, WireType.LengthDelimited).bytes(Buffer.concat(parts)).finish();
}

const values = ['stitch.values.Values', 'grpc.health.v1.Health', 'grpc.reflection.v1.ServerReflection'];

describe('a server with reflection', () => {
  it.each(['v1', 'v1alpha'] as const)(
    'of %s tells its services with all that they import, in order',
    async (version) => {
      const { set, services, problems } = await reflect(await aServer({ services: values, version }));
      expect({ services, problems }).toEqual({ services: ['stitch.values.Values'], problems: [] });
      const { methods } = readTypes(set);
      expect([...methods.keys()]).toContain('/stitch.values.Values/Carry');
      const names = fromBinary(FileDescriptorSetSchema, set).file.map(({ name }) => name);
      expect(names.at(-1)).toBe('values.proto');
      expect(names).toContain('google/protobuf/any.proto');
    },
  );

  it('may send its messages in pieces', async () => {
    const address = await aServer({ services: values, frameBytes: 7 });
    expect((await reflect(address)).services).toEqual(['stitch.values.Values']);
  });

  it('need not have what comes with every protobuf', async () => {
    const without = files.map(({ name }) => name).filter((name) => name.startsWith('google/protobuf/'));
    expect(without.length).toBeGreaterThan(3);
    const { set } = await reflect(await aServer({ services: values, without }));
    expect(readTypes(set).registry.getMessage('google.protobuf.Any')).toBeDefined();
  });

  it('may name what it does not describe: that is told, and the others are there', async () => {
    const { services, problems } = await reflect(await aServer({ services: ['shop.Gone', ...values] }));
    expect(services).toEqual(['stitch.values.Values']);
    expect(problems).toEqual(['shop.Gone: shop.Gone is not here']);
  });
});

describe('a server that cannot tell', () => {
  const told = (address: string) =>
    reflect(address).then(
      () => '',
      (error: Error) => `${error.name}: ${error.message}`,
    );

  it('has none', async () => {
    const server = createServer();
    server.on('stream', (stream) => stream.respond({ ':status': 404 }, { endStream: true }));
    const address = await listening(server);
    expect(await told(address)).toMatch(
      new RegExp(
        `^UsageError: the server at ${address} has no reflection: neither grpc.reflection.v1 nor grpc.reflection.v1alpha\n  hint: .*--proto FILE`,
      ),
    );
  });

  it('has nothing but reflection and health', async () => {
    expect(await told(await aServer({ services: values.slice(1) }))).toMatch(
      /tells of no service of its own: grpc\.health\.v1\.Health grpc\.reflection\.v1\.ServerReflection$/,
    );
  });

  it('describes none of them', async () => {
    expect(await told(await aServer({ services: ['shop.Gone'] }))).toMatch(
      /describes none of its services: shop\.Gone: shop\.Gone is not here$/,
    );
  });

  it('is not there', async () => {
    expect(await told('127.0.0.1:1')).toMatch(
      /^UsageError: the server at 127\.0\.0\.1:1 was asked for its reflection: connect ECONNREFUSED 127\.0\.0\.1:1\n {2}hint: is it running/,
    );
  });

  it('speaks something else', async () => {
    const server = net.createServer((socket) => {
      socket.on('error', () => {});
      socket.end('HTTP/1.1 400 Bad Request\r\n\r\n');
    });
    expect(await told(await listening(server))).toMatch(
      /^UsageError: .* was asked for its reflection: .+\n {2}hint: /,
    );
  });
});
