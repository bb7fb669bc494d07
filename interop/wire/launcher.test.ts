import { once } from 'node:events';
import net from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { types } from '../fixtures/manage.ts';
import { aPeer, aRecord } from '../fixtures/values.ts';
import type { ClientSession, Launcher, RunningServer } from '../launch/launcher.ts';
import type { Call } from '../model/call.ts';
import { tapLauncher } from './launcher.ts';

const never = new AbortController().signal;
const peer = aPeer('alpha');
const servers: RunningServer[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.stop();
});

/** Connects to where it is called, as a client does; `isLost` as behind a firewall. */
async function call({ address }: Call, isLost: boolean) {
  if (!isLost) {
    const [host = '', port] = address.split(':');
    const socket = net.connect({ host, port: Number(port) });
    socket.on('error', () => {});
    await once(socket, 'close');
  }
  return [aRecord({ code: 14 })];
}

/** A launcher that starts nothing; its n-th client is lost when the n-th of `lost` is true. */
function aLauncher(kind: Launcher['kind'], host: string, ...lost: readonly boolean[]): Launcher {
  let clients = 0;
  return {
    kind,
    isTapped: false,
    build: async () => ({ cached: true }),
    harnessHost: async () => host,
    serve: async () =>
      ({
        address: '10.0.0.1:6000',
        fault: undefined,
        stop: async () => undefined,
      }) as unknown as RunningServer,
    async connect() {
      const isLost = lost[clients++] ?? false;
      return { call: (each: Call) => call(each, isLost) } as unknown as ClientSession;
    },
    async [Symbol.asyncDispose]() {},
  };
}

async function serve(launcher: Launcher): Promise<RunningServer> {
  const server = await launcher.serve(peer, never);
  servers.push(server);
  return server;
}

describe('a launcher with a tap', () => {
  it('in containers asks a client that makes its calls by itself to play a case of its own', async () => {
    const played: string[] = [];
    const inner = aLauncher('container', '127.0.0.1');
    const launcher = tapLauncher(
      {
        ...inner,
        async connect() {
          return {
            call: () => Promise.reject(new Error('it is not told what to call')),
            aCase: 'pick/stitch',
            async playCase(name: string, [first]: readonly Call[]) {
              played.push(name);
              return first ? call(first, false) : [];
            },
          } as unknown as ClientSession;
        },
      },
      types,
    );
    const client = await launcher.connect(peer, never);
    expect(client.untapped).toBeUndefined();
    expect(played).toEqual(['pick/stitch']);
  });

  it('as processes gives every server another address at once', async () => {
    const launcher = tapLauncher(aLauncher('process', '127.0.0.1', true), types);
    expect(launcher.isTapped).toBe(true);
    expect((await serve(launcher)).address).toMatch(/^127\.0\.0\.1:\d+$/);
    expect((await launcher.connect(peer, never)).untapped).toBeUndefined();
  });

  it('finds out by a call of a method that the types have, with an empty message', async () => {
    const made: Call[] = [];
    const bare = aLauncher('container', '127.0.0.1');
    const connect = async () =>
      ({
        async call(each: Call) {
          made.push(each);
          return call(each, false);
        },
      }) as unknown as ClientSession;
    expect((await tapLauncher({ ...bare, connect }, types).connect(peer, never)).untapped).toBeUndefined();
    expect(made).toMatchObject([{ method: '/Manage/PickOne', steps: [{ send: { json: {}, bytes: '' } }] }]);
  });

  it('in containers does so when a client came through', async () => {
    const launcher = tapLauncher(aLauncher('container', '127.0.0.1', false), types);
    const server = await serve(launcher);
    expect(server.address).toBe('10.0.0.1:6000');
    expect(server.wire).toBeUndefined();
    expect((await launcher.connect(peer, never)).untapped).toBeUndefined();
    expect(server.address).toMatch(/^127\.0\.0\.1:\d+$/);
    expect(server.wire).toBeDefined();
  });

  it('lets go on those who do not come through, and says why; until one does', async () => {
    const launcher = tapLauncher(aLauncher('container', '127.0.0.1', true, false, true), types);
    const server = await serve(launcher);
    expect((await launcher.connect(peer, never)).untapped).toBe(
      'clients do not reach the harness at 127.0.0.1: a firewall may be in the way',
    );
    expect(server.address).toBe('10.0.0.1:6000');
    await launcher.connect(peer, never);
    expect(server.address).toMatch(/^127\.0\.0\.1:\d+$/);
    expect((await launcher.connect(peer, never)).untapped).toBeUndefined();
  });

  it('goes on without where the harness cannot listen', async () => {
    // "The blocks 192.0.2.0/24 […] are provided for use in documentation." (RFC 5737)
    const launcher = tapLauncher(aLauncher('container', '192.0.2.1'), types);
    const server = await serve(launcher);
    expect(server.address).toBe('10.0.0.1:6000');
    expect(server.wire).toBeUndefined();
    expect((await launcher.connect(peer, never)).untapped).toMatch(
      /^the harness cannot listen where clients would reach it: .*192\.0\.2\.1/,
    );
  });
});
