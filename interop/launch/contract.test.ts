/** What every launcher must hold, whichever way it starts peers. */
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { types } from '../fixtures/manage.ts';
import { honestPeers } from '../fixtures/memory.ts';
import { aCall, askFor, stitch as stitchRow } from '../fixtures/values.ts';
import type { Call, Script } from '../model/call.ts';
import { clientFeatures, type Peer, serverFeatures } from '../model/peer.ts';
import { Code } from '../model/status.ts';
import { digestOf } from './digest.ts';
import { whyNoEngine } from './engine.ts';
import { type Built, defaultLimits, type Launcher, SilentCall } from './launcher.ts';
import { memoryLauncher } from './memory.ts';
import { PeerError } from './peer-error.ts';
import { processStarter } from './process.ts';
import { programLauncher } from './programs.ts';

/** A call to a container that is gone may take three seconds, in which its address is asked for. */
const limits = { ...defaultLimits, readyMs: 8_000, callMs: 6_000, recordMs: 2_000, stopMs: 700, termMs: 500 };
const never = new AbortController().signal;
const noEngine = await whyNoEngine();
const run = crypto.randomUUID();

/** The image is made of more than its folder: another program must not be taken for it. */
const sources = (await digestOf(['saboteurs', 'session', 'wire', 'pki'].map(inEngine), [])).slice(0, 16);

function inEngine(folder: string): string {
  return fileURLToPath(new URL(`../${folder}`, import.meta.url));
}

/** The peer without a library; with a lie it misbehaves. */
function peer(...lie: readonly string[]): Peer {
  const options = lie.flatMap((name) => ['--lie', name]);
  return {
    name: 'fixture',
    title: 'Fixture',
    folder: fileURLToPath(new URL('../fixtures/peer', import.meta.url)),
    args: options,
    server: { features: [...serverFeatures] },
    client: { features: [...clientFeatures] },
    process: {
      needs: [],
      build: [],
      outputs: [],
      command: [process.execPath, fileURLToPath(new URL('../saboteurs/program/start.mjs', import.meta.url))],
      test: [],
      check: [],
    },
    container: { dockerfile: 'Dockerfile', arguments: { SOURCES: sources } },
  };
}

function stitch(address: string, id = 'c1'): Call {
  return aCall({ id, address });
}

function truxx(address: string): Call {
  return aCall({ id: 'c1', address, steps: [askFor('Truxx')] });
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
    start: async () => memoryLauncher(honestPeers, limits),
  },
  {
    name: 'process',
    isProgram: true,
    artifact: /^sources [0-9a-f]{16}$/,
    start: async () => programLauncher(processStarter(), limits, types),
  },
  {
    name: 'container',
    isProgram: true,
    absent: noEngine,
    artifact: /^stitch-peer-fixture:[0-9a-f]{16}-SOURCES-[0-9a-f]{16} sha256:[0-9a-f]{64}$/,
    async start() {
      process.env.STITCH_RUN = run;
      const { containerStarter } = await import('./container.ts');
      return programLauncher(containerStarter(), limits, types);
    },
  },
];

for (const { name, absent, isProgram, artifact, start } of kinds) {
  describe.skipIf(absent)(`${name}${absent ? ` (${absent})` : ''}`, { concurrent: true }, () => {
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
      const records = await client.call(stitch(server.address));
      expect(records).toMatchObject([{ id: 'c1', code: 0, responses: [{ json: stitchRow }], sent: 1 }]);
      await server.flush();
      expect(await server.served('c1', 0)).toMatchObject([
        {
          callId: 'c1',
          script: '',
          requests: [{ json: { name: 'Stitch' } }],
          responses: [{ json: stitchRow }],
        },
      ]);
      expect(await server.served('c1', 0)).toEqual([]);
    });

    it('keeps scripts, which answer the calls that name them', async () => {
      await using server = await launcher.serve(peer(), never);
      await using client = await launcher.connect(peer(), never);
      const { send } = askFor('Shrink');
      const script: Script = {
        name: 'a/b',
        steps: [
          { receive: 1 },
          { headers: [{ key: 'x-a', text: '1' }] },
          { send },
          { end: { code: 0, message: '', trailers: [{ key: 'x-b', text: '2' }] } },
        ],
      };
      await server.load(script);
      const named = (name: string) => [{ key: 'stitch-script', text: name }];
      const [record] = await client.call({ ...stitch(server.address), metadata: named('a/b') });
      expect(record).toMatchObject({ code: 0, responses: [{ json: { name: 'Shrink' } }] });
      expect(record?.headers).toContainEqual({ key: 'x-a', text: '1' });
      expect(record?.trailers).toContainEqual({ key: 'x-b', text: '2' });
      await server.flush();
      expect(await server.served('c1', 0)).toMatchObject([{ script: 'a/b' }]);
      const strange = { ...stitch(server.address, 'c2'), metadata: named('nobody') };
      expect(await client.call(strange)).toMatchObject([{ code: 12, message: 'no script "nobody"' }]);
    });

    it('makes a row of calls of one, each with an id and a record of its own', async () => {
      await using server = await launcher.serve(peer(), never);
      await using client = await launcher.connect(peer(), never);
      const ids = ['c1.0', 'c1.1', 'c1.2', 'c1.3', 'c1.4'];
      const records = await client.call({ ...stitch(server.address), times: 5, atOnce: 2 });
      expect(records.map(({ id, code }) => `${id} ${code}`)).toEqual(ids.map((id) => `${id} 0`));
      await server.flush();
      for (const id of ids) expect(await server.served(id, 0)).toMatchObject([{ callId: id }]);
    });

    it('ends a listener in order, and opens it again', async () => {
      await using server = await launcher.serve(peer(), never);
      await using client = await launcher.connect(peer(), never);
      const address = await server.listen();
      await server.drain(address);
      expect(await client.call(stitch(address))).toMatchObject([{ code: 14 }]);
      expect(await server.listen(address)).toBe(address);
      expect(await client.call({ ...stitch(address, 'c2'), channel: 'another' })).toMatchObject([
        { code: 0 },
      ]);
    });

    it('opens and closes listeners beside the first, again at the same address', async () => {
      await using server = await launcher.serve(peer(), never);
      await using client = await launcher.connect(peer(), never);
      const address = await server.listen();
      expect(address).not.toBe(server.address);
      expect(await client.call(stitch(address))).toMatchObject([{ code: 0 }]);
      await server.close(address);
      expect(await client.call({ ...stitch(address, 'c2'), channel: 'another' })).toMatchObject([
        { code: 14 },
      ]);
      expect(await server.listen(address)).toBe(address);
      expect(await client.call({ ...stitch(address, 'c3'), channel: 'a third' })).toMatchObject([
        { code: 0 },
      ]);
      expect(await client.call(stitch(server.address, 'c4'))).toMatchObject([{ code: 0 }]);
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
      const starting = launcher.serve(peer('is-never-ready'), controller.signal);
      setTimeout(() => controller.abort('enough'), 300);
      const startedAt = performance.now();
      await failureOf(starting);
      expect(performance.now() - startedAt).toBeLessThan(limits.readyMs);
    });

    it('names the stage and the exit code of a peer that ends before its first line', async () => {
      const error = await failureOf(launcher.serve(peer('exits-at-once'), never));
      expect(error.message).toBe(
        [
          'fixture server ended before it listened: exit code 3',
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
      const { failure } = await failureOf(launcher.serve(peer('is-never-ready'), never));
      expect(failure).toMatchObject({
        stage: 'ready',
        what: 'was not ready within 8000 ms and said nothing',
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
      const error = await failureOf(client.call(truxx(server.address)));
      expect(error.failure).toMatchObject({
        role: 'client',
        stage: 'call',
        what: 'ended while it was in use: exit code 9',
      });
      expect(client.fault).toBe(error);
    });

    it('ends a row of calls whose server dies in the middle, each with a status', async () => {
      await using server = await launcher.serve(peer('dies-in-a-call'), never);
      await using client = await launcher.connect(peer(), never);
      const records = await client.call({ ...truxx(server.address), times: 20, atOnce: 4 });
      expect(records.map(({ code }) => code)).toEqual(Array.from({ length: 20 }, () => Code.UNAVAILABLE));
      const { failure } = await failureOf(server.flush());
      expect(failure).toMatchObject({ stage: 'call', what: 'ended while it was in use: exit code 9' });
    });

    it('cuts a line that never ends', async () => {
      await using server = await launcher.serve(peer(), never);
      await using client = await launcher.connect(peer('prints-100-mib'), never);
      const { failure } = await failureOf(client.call(truxx(server.address)));
      expect(failure.what).toBe('printed a line of more than 32 MiB');
    });

    it('tells a client that waits from one that is silent', async () => {
      await using server = await launcher.serve(peer('forgets-a-call'), never);
      await using client = await launcher.connect(peer(), never);
      await expect(client.call(truxx(server.address))).rejects.toSatisfy(
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
