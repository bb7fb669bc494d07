/** What every launcher must hold, whichever way it starts peers. */
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { honest } from '../bench/memory-peers.ts';
import type { Call } from '../model/call.ts';
import { clientFeatures, type Peer, serverFeatures } from '../model/peer.ts';
import { call } from '../scenarios/build.ts';
import { row } from '../scenarios/table.ts';
import { whyNoEngine } from './engine.ts';
import { type Built, defaultLimits, type Launcher, SilentCall } from './launcher.ts';
import { memoryLauncher } from './memory.ts';
import { PeerError } from './peer-error.ts';
import { processStarter } from './process.ts';
import { programLauncher } from './programs.ts';

const limits = { ...defaultLimits, readyMs: 8_000, callMs: 2_000, recordMs: 2_000, stopMs: 700, termMs: 500 };
const never = new AbortController().signal;
const noEngine = await whyNoEngine();
const run = crypto.randomUUID();

/** The peer without a library; with a lie it misbehaves. */
function peer(...lie: readonly string[]): Peer {
  const options = lie.flatMap((name) => ['--lie', name]);
  return {
    name: 'fixture',
    title: 'Fixture',
    folder: fileURLToPath(new URL('../fixtures/peer', import.meta.url)),
    server: {
      args: [...options, 'server', '--host', '{host}', '--port', '{port}'],
      features: [...serverFeatures],
    },
    client: { args: [...options, 'client'], features: [...clientFeatures] },
    process: {
      needs: [],
      build: [],
      outputs: [],
      command: [process.execPath, fileURLToPath(new URL('../saboteurs/program.ts', import.meta.url))],
      test: [],
      check: [],
    },
    container: { dockerfile: 'Dockerfile' },
  };
}

function stitch(address: string, id = 'c1'): Call {
  return {
    ...call('Stitch'),
    metadata: [{ key: 'stitch-call-id', text: id }],
    id,
    address,
    channel: 'shared',
  };
}

async function failureOf(promise: Promise<unknown>): Promise<PeerError> {
  const error = await promise.then(
    () => new Error('it did not fail'),
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(PeerError);
  return error as PeerError;
}

interface Kind {
  readonly name: string;
  readonly absent?: string | undefined;
  /** What its builds say that they made. */
  readonly artifact: RegExp | undefined;
  start(): Promise<Launcher>;
  /** Runs programs, which can end, print and ignore things. */
  readonly isProgram: boolean;
}

const kinds: readonly Kind[] = [
  {
    name: 'memory',
    isProgram: false,
    artifact: undefined,
    start: async () => memoryLauncher(honest, limits),
  },
  {
    name: 'process',
    isProgram: true,
    artifact: /^sources [0-9a-f]{16}$/,
    start: async () => programLauncher(processStarter(), limits),
  },
  {
    name: 'container',
    isProgram: true,
    absent: noEngine,
    artifact: /^stitch-peer-fixture:[0-9a-f]{16} sha256:[0-9a-f]{64}$/,
    async start() {
      process.env.STITCH_RUN = run;
      const { containerStarter } = await import('./container.ts');
      return programLauncher(containerStarter(), limits);
    },
  },
];

for (const { name, absent, isProgram, artifact, start } of kinds) {
  describe.skipIf(absent)(`${name}${absent ? ` (${absent})` : ''}`, () => {
    let launcher: Launcher;
    let built: Built;
    beforeAll(async () => {
      launcher = await start();
      built = await launcher.build(peer(), never);
    }, 600_000);
    afterAll(() => launcher[Symbol.asyncDispose]());

    it('says what exactly was built, the same when it was there already', async () => {
      expect(built.artifact ?? '').toMatch(artifact ?? /^$/);
      expect(await launcher.build(peer(), never)).toEqual({ ...built, cached: true });
    });

    it('announces an address where the client reaches the server, and both tell of the call', async () => {
      await using server = await launcher.serve(peer(), never);
      await using client = await launcher.connect(peer(), never);
      expect(server.address).toMatch(/:\d+$/);
      const record = await client.call(stitch(server.address));
      expect(record).toMatchObject({ id: 'c1', code: 0, reply: row('Stitch') });
      await server.flush();
      expect(await server.served('c1', false)).toMatchObject([
        { callId: 'c1', name: 'Stitch', reply: row('Stitch') },
      ]);
      expect(await server.served('c1', false)).toEqual([]);
    });

    it('opens and closes listeners beside the first, again at the same address', async () => {
      await using server = await launcher.serve(peer(), never);
      await using client = await launcher.connect(peer(), never);
      const address = await server.listen();
      expect(address).not.toBe(server.address);
      expect(await client.call(stitch(address))).toMatchObject({ code: 0 });
      await server.close(address);
      expect(await client.call({ ...stitch(address, 'c2'), channel: 'another' })).toMatchObject({ code: 14 });
      expect(await server.listen(address)).toBe(address);
      expect(await client.call({ ...stitch(address, 'c3'), channel: 'a third' })).toMatchObject({ code: 0 });
      expect(await client.call(stitch(server.address, 'c4'))).toMatchObject({ code: 0 });
    });

    it('ends on dispose, and says nothing when that was in order', async () => {
      const server = await launcher.serve(peer(), never);
      const client = await launcher.connect(peer(), never);
      expect(await Promise.all([server.stop(), client.stop()])).toEqual([undefined, undefined]);
      expect([server.fault, client.fault]).toEqual([undefined, undefined]);
      expect(await server.stop()).toBeUndefined();
    });

    if (!isProgram) return;

    it('ends on abort while it waits for the first line', async () => {
      const controller = new AbortController();
      const starting = launcher.serve(peer('announces-nothing'), controller.signal);
      setTimeout(() => controller.abort('enough'), 300);
      const startedAt = performance.now();
      await failureOf(starting);
      expect(performance.now() - startedAt).toBeLessThan(limits.readyMs);
    });

    it('names the stage and the exit code of a peer that ends before its first line', async () => {
      const error = await failureOf(launcher.serve(peer('exits-at-once'), never));
      expect(error.message).toBe(
        [
          'fixture server ended before it announced a port: exit code 3',
          '  stderr: no licence for this machine',
          '  hint: run it alone with: npm run interop -- serve fixture',
        ].join('\n'),
      );
      expect(error.failure).toMatchObject({ peer: 'fixture', role: 'server', stage: 'ready' });
      expect((await failureOf(launcher.connect(peer('exits-at-once'), never))).message).toMatch(
        /^fixture client ended before it was ready: exit code 3\n/,
      );
    });

    it('names what was awaited, and for how long, when a peer stays silent', async () => {
      const { failure } = await failureOf(launcher.serve(peer('announces-nothing'), never));
      expect(failure).toMatchObject({
        stage: 'ready',
        what: 'did not announce a port within 8000 ms and said nothing',
      });
    });

    it('shows the line of a peer that prints something else on standard output', async () => {
      const { failure } = await failureOf(launcher.serve(peer('prints-a-banner'), never));
      expect(failure).toMatchObject({
        stage: 'ready',
        what: 'printed a line that is not JSON: "welcome to the server of the year"',
      });
    });

    it('takes a program that dies in a call out of service, with its exit code', async () => {
      await using server = await launcher.serve(peer(), never);
      await using client = await launcher.connect(peer('dies-in-a-call'), never);
      const error = await failureOf(client.call({ ...stitch(server.address), name: 'Truxx' }));
      expect(error.failure).toMatchObject({
        role: 'client',
        stage: 'call',
        what: 'ended while it was in use: exit code 9',
      });
      expect(client.fault).toBe(error);
    });

    it('cuts a line that never ends', async () => {
      await using server = await launcher.serve(peer(), never);
      await using client = await launcher.connect(peer('prints-100-mib'), never);
      const { failure } = await failureOf(client.call({ ...stitch(server.address), name: 'Truxx' }));
      expect(failure.what).toBe('printed a line of more than 16 MiB');
    });

    it('tells a client that waits from one that is silent', async () => {
      await using server = await launcher.serve(peer('forgets-a-call'), never);
      await using client = await launcher.connect(peer(), never);
      const waiting = { ...stitch(server.address), name: 'Truxx' };
      await expect(client.call(waiting)).rejects.toSatisfy(
        (error) => error instanceof SilentCall && error.isClientAlive,
      );
    });

    it('forces a peer that ignores end of input and SIGTERM to end, and says so', async () => {
      const server = await launcher.serve(peer('ignores-the-end'), never);
      expect(await server.stop()).toBe(
        'fixture server did not stop within 700 ms of the end of its input, nor within 500 ms of SIGTERM: killed',
      );
    });

    it('says that a peer ended with another exit code than 0', async () => {
      const client = await launcher.connect(peer('exits-with-3'), never);
      expect(await client.stop()).toBe(
        'fixture client stopped with exit code 3 at the end of its input: wanted exit code 0',
      );
    });
  });
}

it.skipIf(noEngine)('leaves no container behind', async () => {
  const { stdout } = await execa('docker', ['ps', '--all', '--quiet', '--filter', `label=stitch.run=${run}`]);
  expect(stdout).toBe('');
});
