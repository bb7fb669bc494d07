/** What every launcher must hold of a program that is run once a call, whichever way it starts it. */
import { buffer, text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Command, Peer } from '../model/peer.ts';
import { whyNoEngine } from './engine.ts';
import { processStarter } from './process.ts';
import type { Program } from './program.ts';
import type { Starter } from './programs.ts';

const noEngine = await whyNoEngine();
const run = crypto.randomUUID();
const folder = fileURLToPath(new URL('../fixtures/once', import.meta.url));

function program(shell?: Command): Peer {
  return {
    name: 'once',
    title: 'Once',
    folder,
    client: { features: [], output: 'none' },
    process: {
      needs: [],
      build: [],
      outputs: [],
      command: ['sh', `${folder}/program.sh`],
      test: [],
      check: [],
    },
    container: { dockerfile: 'Dockerfile', ...(shell && { shell }) },
  };
}

async function inContainers(): Promise<Starter> {
  process.env.STITCH_RUN = run;
  const { containerStarter } = await import('./container.ts');
  return containerStarter();
}

interface Kind {
  readonly name: string;
  readonly absent?: string | undefined;
  readonly peer: Peer;
  start(): Promise<Starter>;
}

const kinds: readonly Kind[] = [
  { name: 'process', peer: program(), start: async () => processStarter() },
  { name: 'a container each time', absent: noEngine, peer: program(), start: inContainers },
  {
    name: 'a shell in a container that lives',
    absent: noEngine,
    peer: program(['sh']),
    start: inContainers,
  },
];

/** Gives it its input, and waits for all that comes of it. */
async function outcomeOf(program: Program, input = '') {
  program.stdin.end(input);
  const outputs = Promise.all([text(program.stdout), text(program.stderr)]);
  const { how, clean } = await program.ended;
  const [stdout, stderr] = await outputs;
  await program.kill();
  return { how, clean, stdout, stderr };
}

async function containers(): Promise<readonly string[]> {
  const { stdout } = await execa('docker', ['ps', '--all', '--quiet', '--filter', `label=stitch.run=${run}`]);
  return stdout.split('\n').filter(Boolean);
}

for (const { name, absent, peer, start } of kinds) {
  describe.skipIf(absent)(`${name}${absent ? ` (${absent})` : ''}`, () => {
    let starter: Starter;
    const once = (args: readonly string[], env?: Readonly<Record<string, string>>) =>
      starter.start(peer, 'client', args, env);
    beforeAll(async () => {
      starter = await start();
      await starter.build(peer, new AbortController().signal);
    }, 600_000);
    afterAll(async () => {
      await starter[Symbol.asyncDispose]();
      if (!noEngine) expect(await containers()).toEqual([]);
    });

    it('gets arguments, variables and its input to the end of it, and what it said comes back', async () => {
      const started = await once(['echoes', 'a "word"'], { WORD: 'and $ another' });
      expect(await outcomeOf(started, 'what it\nis given, ')).toEqual({
        how: 'exit code 3',
        clean: false,
        stdout: 'what it\nis given, a "word" and $ another\n',
        stderr: 'on standard error\n',
      });
    });

    it('has said all when it has ended, however much that is', async () => {
      const { stdout, ...ending } = await outcomeOf(await once(['prints', '20000000']));
      expect(ending).toEqual({ how: 'exit code 0', clean: true, stderr: '' });
      expect(stdout).toHaveLength(20_000_000);
    });

    it('has ended when it has, and not when its output has', async () => {
      expect(await outcomeOf(await once(['closes']))).toMatchObject({ how: 'exit code 4', stdout: '' });
    });

    it('says which signal ended it', async () => {
      expect((await outcomeOf(await once(['dies']))).how).toMatch(/137|signal 9/);
    });

    it('reads what is provided, also what is provided later', async () => {
      for (const content of ['first', 'second', 'first']) {
        const file = await starter.provide(Buffer.from(content), 'txt');
        expect((await outcomeOf(await once(['reads', file]))).stdout).toBe(content);
      }
    });

    it('ends at once when it is killed, with what it started, and can be started again', async () => {
      const started = await once(['waits']);
      started.stdin.end();
      await new Promise((resolve) => started.stdout.once('data', resolve));
      const startedAt = performance.now();
      await started.kill();
      expect((await started.ended).clean).toBe(false);
      expect(performance.now() - startedAt).toBeLessThan(10_000);
      await started.kill();
      expect(await outcomeOf(await once(['prints', '3']))).toMatchObject({ stdout: 'xxx', clean: true });
    });

    it('is run several times side by side', async () => {
      const words = ['a', 'b', 'c', 'd'];
      const outcomes = await Promise.all(words.map(async (word) => outcomeOf(await once(['echoes', word]))));
      expect(outcomes.map(({ stdout }) => stdout)).toEqual(words.map((word) => `${word} \n`));
    });

    if (name === 'process') return;

    it('may do nothing that it need not', async () => {
      const { stdout } = await outcomeOf(await once(['tells']));
      expect(stdout.split('\n').slice(1)).toEqual([
        '1000',
        'CapEff:\t0000000000000000',
        'CapBnd:\t0000000000000000',
        'NoNewPrivs:\t1',
        "touch: cannot touch '/here': Read-only file system",
        '',
      ]);
    });

    if (!peer.container?.shell) return;

    const placeOf = async (started: Program) => (await outcomeOf(started)).stdout.split('\n')[0] ?? '';

    it('has the container of one that has ended, and none that another one is in', async () => {
      const first = await placeOf(await once(['tells']));
      expect(await placeOf(await once(['tells']))).toBe(first);
      const [waiting, beside] = [await once(['waits']), await once(['tells'])];
      waiting.stdin.end();
      expect(await placeOf(beside)).not.toBe(first);
      await waiting.kill();
      expect(await containers()).not.toContain(first);
      expect(await placeOf(await once(['tells']))).not.toBe(first);
    });

    it('gets another one when somebody has ended it', async () => {
      const first = await placeOf(await once(['tells']));
      for (const container of await containers()) await execa('docker', ['kill', container]);
      await vi.waitFor(async () => expect(await containers()).toEqual([]), 20_000);
      expect(await placeOf(await once(['tells']))).not.toBe(first);
    });

    it('leaves none of an image that is built again', async () => {
      await outcomeOf(await once(['tells']));
      await starter.build(peer, new AbortController().signal);
      expect(await containers()).toEqual([]);
    });

    it('is given what it reads and the words it is called with as they are', async () => {
      const words = `it's "$HOME" \`date\` \\ ; exit | & *`;
      const input = Buffer.from(`${words}\n%s \\000 \0 \x81\xff é ${'x'.repeat(3_000_000)}`, 'latin1');
      const started = await once(['echoes', words], { WORD: words });
      started.stdin.end(input);
      const outputs = Promise.all([buffer(started.stdout), text(started.stderr)]);
      await started.ended;
      const [stdout] = await outputs;
      expect(stdout.equals(Buffer.concat([input, Buffer.from(`${words} ${words}\n`)]))).toBe(true);
    });

    it('does not wait for one that reads nothing', async () => {
      const { how, stdout } = await outcomeOf(await once(['prints', '3']), 'x'.repeat(1_000_000));
      expect([how, stdout]).toEqual(['exit code 0', 'xxx']);
    });

    it.each<[Command, RegExp]>([
      [['nobody'], /^once client container was not started: .*"nobody": executable file not found/],
      [
        ['cat'],
        /^once client container was not started: container\.shell: cat does not do what a POSIX shell/,
      ],
      [['true'], /^once client container was not started: container\.shell: true does not do what/],
    ])('is not started where %s is no shell', async (shell, message) => {
      await expect(starter.start(program(shell), 'client', [])).rejects.toThrow(message);
    });
  });
}
