/** Reflection of servers that are well and less well brought up. */
import { once } from 'node:events';
import { createServer } from 'node:http2';
import net, { type AddressInfo } from 'node:net';
import { fromBinary } from '@bufbuild/protobuf';
import { FileDescriptorSetSchema } from '@bufbuild/protobuf/wkt';
import { describe, expect, it } from 'vitest';
import { loadContracts, ownContracts } from '../contract/load.ts';
import { aService, type Reflection, reflection } from '../fixtures/service.ts';
import { readTypes } from '../messages/types.ts';
import { makeAuthority } from '../pki/pki.ts';
import { reflect } from './reflect.ts';

const { files } = (await loadContracts(ownContracts())).types;
const names = fromBinary(FileDescriptorSetSchema, Buffer.from(files, 'base64')).file.map(({ name }) => name);
const values = ['stitch.values.Values', 'grpc.health.v1.Health', 'grpc.reflection.v1.ServerReflection'];

async function reflected(more: Partial<Reflection> = {}, frameBytes?: number) {
  using server = await aService(reflection({ files, services: values, ...more }), frameBytes);
  return await reflect(server.address);
}

describe('a server with reflection', () => {
  it.each(['v1', 'v1alpha'] as const)(
    'of %s tells its services with all that they import, in order',
    async (version) => {
      const { set, services, problems } = await reflected({ version });
      expect({ services, problems }).toEqual({ services: ['stitch.values.Values'], problems: [] });
      expect([...readTypes(set).methods.keys()]).toContain('/stitch.values.Values/Carry');
      const told = fromBinary(FileDescriptorSetSchema, set).file.map(({ name }) => name);
      expect(told.at(-1)).toBe('values.proto');
      expect(told).toContain('google/protobuf/any.proto');
    },
  );

  it('tells the same over TLS', async () => {
    const authority = await makeAuthority('an authority');
    const { chain: cert, key } = await authority.issue({ names: ['shop.test'] });
    using server = await aService(reflection({ files, services: values }), Infinity, { cert, key });
    const { services } = await reflect(server.address, { ca: authority.pem, serverName: 'shop.test' });
    expect(services).toEqual(['stitch.values.Values']);
  });

  it('may send its messages in pieces', async () => {
    expect((await reflected({}, 7)).services).toEqual(['stitch.values.Values']);
  });

  it('need not have what comes with every protobuf', async () => {
    const without = names.filter((name) => name.startsWith('google/protobuf/'));
    expect(without.length).toBeGreaterThan(3);
    const { set } = await reflected({ without });
    expect(readTypes(set).registry.getMessage('google.protobuf.Any')).toBeDefined();
  });

  it('may name what it does not describe: that is told, and the others are there', async () => {
    const { services, problems } = await reflected({ services: ['shop.Gone', ...values] });
    expect(services).toEqual(['stitch.values.Values']);
    expect(problems).toEqual(['shop.Gone: shop.Gone is not here']);
  });
});

describe('a server that cannot tell', () => {
  const told = (asked: Promise<unknown>) =>
    asked.then(
      () => '',
      (error: Error) => `${error.name}: ${error.message}`,
    );

  async function toldBy(server: net.Server | ReturnType<typeof createServer>): Promise<string> {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const said = await told(reflect(`127.0.0.1:${(server.address() as AddressInfo).port}`));
    server.close();
    return said;
  }

  const none =
    /^UsageError: the server at \S+ has no reflection: neither grpc\.reflection\.v1 nor grpc\.reflection\.v1alpha\n {2}hint: .*--proto FILE/;

  it('has none, by its status', async () => {
    using server = await aService({});
    expect(await told(reflect(server.address))).toMatch(none);
  });

  it('has none, by a bare 404', async () => {
    const server = createServer();
    server.on('stream', (stream) => stream.respond({ ':status': 404 }, { endStream: true }));
    expect(await toldBy(server)).toMatch(none);
  });

  it('has nothing but reflection and health', async () => {
    expect(await told(reflected({ services: values.slice(1) }))).toMatch(
      /tells of no service of its own: grpc\.health\.v1\.Health grpc\.reflection\.v1\.ServerReflection$/,
    );
  });

  it('describes none of them', async () => {
    expect(await told(reflected({ services: ['shop.Gone'] }))).toMatch(
      /describes none of its services: shop\.Gone: shop\.Gone is not here$/,
    );
  });

  it('is encrypted, and was asked in the open', async () => {
    const { chain: cert, key } = await (await makeAuthority('an authority')).issue({});
    using server = await aService({}, Infinity, { cert, key });
    expect(await told(reflect(server.address))).toMatch(
      /^UsageError: the server at (\S+) was asked for its reflection: it speaks TLS at \1, where plaintext was wanted\n {2}hint: add --tls-ca FILE, /,
    );
  });

  it('is not encrypted, and was asked over TLS', async () => {
    using server = await aService({});
    const { pem: ca } = await makeAuthority('an authority');
    expect(await told(reflect(server.address, { ca, serverName: '127.0.0.1' }))).toMatch(
      /: it speaks HTTP\/2 without encryption at \S+, where TLS was wanted\n {2}hint: leave out --tls-ca/,
    );
  });

  it('is not there', async () => {
    expect(await told(reflect('127.0.0.1:1'))).toMatch(
      /^UsageError: the server at 127\.0\.0\.1:1 was asked for its reflection: it does not answer at 127\.0\.0\.1:1: ECONNREFUSED\n {2}hint: is it running/,
    );
  });

  it('speaks something else', async () => {
    const server = net.createServer((socket) => {
      socket.on('error', () => {});
      socket.end('HTTP/1.1 400 Bad Request\r\n\r\n');
    });
    expect(await toldBy(server)).toMatch(
      /^UsageError: .* was asked for its reflection: it answers HTTP\/1\.1 at \S+, where HTTP\/2 was wanted: .*\n {2}hint: /,
    );
  });
});
