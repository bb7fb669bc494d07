/**
 * Containers in which a shell lives, for programs that make one call and end: to start a program
 * from it costs a tenth of what it costs to start a container. A program has its room to itself.
 */
import { PassThrough, type Readable, Writable } from 'node:stream';
import type Dockerode from 'dockerode';
import { getContainerRuntimeClient } from 'testcontainers';
import type { Command } from '../model/peer.ts';
import { type BindMount, confined, endingOf, outputsOf } from './confined.ts';
import { untilMark } from './marked.ts';
import type { Program } from './program.ts';
import { lineOf, lineOfMark } from './shell.ts';

/** What is run, and where. */
export interface Visit {
  /** Whose image it is. */
  readonly peer: string;
  readonly image: string;
  /** A POSIX shell of the image. */
  readonly shell: Command;
  /** Behind the image's entry point. */
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>> | undefined;
  readonly mounts: readonly BindMount[];
  readonly labels: Readonly<Record<string, string>>;
}

export interface Rooms extends AsyncDisposable {
  /** Starts the program in a room that is free, or in a new one. */
  run(visit: Visit): Promise<Program>;
  /** Ends the peer's rooms that are free. */
  clear(peer: string): Promise<void>;
}

interface Room {
  readonly peer: string;
  /** Of what it is, and what can be found in it. */
  readonly key: string;
  readonly opened: Promise<Opened>;
  isFree: boolean;
}

interface Opened {
  readonly container: Dockerode.Container;
  /** The shell's three. */
  readonly stdin: NodeJS.WritableStream;
  readonly stdout: Readable;
  readonly stderr: Readable;
  /** The container has ended. */
  readonly gone: Promise<void>;
  readonly entryPoint: readonly string[];
  /** What stands behind the entry point where nothing else does. */
  readonly defaults: readonly string[];
}

export function openRooms(): Rooms {
  const rooms = new Set<Room>();
  let isOver = false;

  async function run(visit: Visit): Promise<Program> {
    if (isOver) throw new Error('the run is over');
    const key = JSON.stringify([visit.image, visit.shell, ...visit.mounts.map(({ target }) => target)]);
    const found = [...rooms].find((room) => room.isFree && room.key === key);
    const room = found ?? { peer: visit.peer, key, opened: open(visit), isFree: false };
    room.isFree = false;
    rooms.add(room);
    try {
      const opened = await room.opened;
      // Somebody may end a container that is not ours alone.
      if (!found) void opened.gone.then(() => end(room));
      return enter(opened, visit, {
        leave: () => {
          room.isFree = true;
        },
        end: () => end(room),
      });
    } catch (error) {
      await end(room);
      throw error;
    }
  }

  async function end(room: Room): Promise<void> {
    rooms.delete(room);
    const opened = await room.opened.catch(() => undefined);
    await opened?.container.remove({ force: true }).catch(() => {});
  }

  return {
    run,
    async clear(peer) {
      await Promise.all([...rooms].filter((room) => room.isFree && room.peer === peer).map(end));
    },
    async [Symbol.asyncDispose]() {
      isOver = true;
      await Promise.all([...rooms].map(end));
    },
  };
}

async function open({ image, shell, mounts, labels }: Visit): Promise<Opened> {
  const { dockerode } = (await getContainerRuntimeClient()).container;
  const { Config } = await dockerode.getImage(image).inspect();
  const container = await dockerode.createContainer({
    Image: image,
    Entrypoint: [...shell],
    Cmd: [],
    Labels: { ...labels },
    OpenStdin: true,
    StdinOnce: true,
    AttachStdin: true,
    HostConfig: {
      ...confined,
      Binds: mounts.map(({ source, target }) => `${source}:${target}:ro`),
    },
  });
  try {
    const stdin = await container.attach({
      stream: true,
      hijack: true,
      stdin: true,
      stdout: true,
      stderr: true,
    });
    const { stdout, stderr, read: gone } = outputsOf(dockerode, stdin);
    // The engine keeps the streams open for as long as somebody may write.
    void container
      .wait({ condition: 'next-exit' })
      .catch(() => {})
      .then(() => stdin.end());
    await container.start();
    await answers(shell, stdin, stdout);
    const { Entrypoint, Cmd } = Config;
    return {
      container,
      stdin,
      stdout,
      stderr,
      gone,
      entryPoint: [Entrypoint ?? []].flat(),
      defaults: Cmd ?? [],
    };
  } catch (error) {
    await container.remove({ force: true }).catch(() => {});
    throw error;
  }
}

/** For how long a shell may be silent that was asked for one word. */
const greetingMs = 20_000;

async function answers(shell: Command, stdin: NodeJS.WritableStream, stdout: Readable): Promise<void> {
  const mark = newMark();
  stdin.write(lineOfMark(mark));
  const said = untilMark(stdout, mark, new PassThrough().resume());
  const late = new Promise<undefined>((resolve) => setTimeout(resolve, greetingMs, undefined).unref());
  if ((await Promise.race([said, late])) !== '')
    throw new Error(`container.shell: ${shell.join(' ')} does not do what a POSIX shell is told to do`);
}

/** Nobody says this by chance. */
function newMark(): string {
  return `ended ${crypto.randomUUID()} `;
}

interface Door {
  /** The program has ended by itself. */
  leave(): void;
  /** Ends the room, and all that runs in it: of several programs the engine cannot end one. */
  end(): Promise<void>;
}

function enter(opened: Opened, { args, env }: Visit, door: Door): Program {
  const { entryPoint, defaults } = opened;
  const mark = newMark();
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  let state: 'runs' | 'is killed' | 'has ended' = 'runs';
  const ended = Promise.all([
    untilMark(opened.stdout, mark, stdout),
    untilMark(opened.stderr, mark, stderr),
  ]).then(([code]) => {
    if (state === 'runs' && code !== undefined) door.leave();
    state = 'has ended';
    // It has gone with its container.
    return endingOf(code === undefined ? -1 : Number(code));
  });
  const input: Buffer[] = [];
  // It is started when it has all that it is given to read.
  const stdin = new Writable({
    write(chunk: Buffer, _, done) {
      input.push(chunk);
      done();
    },
    final(done) {
      const words = [...entryPoint, ...(args.length > 0 ? args : defaults)];
      opened.stdin.write(lineOf({ words, env, input: Buffer.concat(input), mark }));
      done();
    },
  });
  async function kill(): Promise<void> {
    if (state === 'runs') {
      state = 'is killed';
      await door.end();
    }
    await ended;
  }
  return {
    stdin,
    stdout,
    stderr,
    ended,
    addressOf: (port) => `127.0.0.1:${port}`,
    // Its processes may be on another machine.
    waitedMs: () => undefined,
    // Nothing is asked of a program that is run once; it ends.
    terminate: kill,
    kill,
  };
}
