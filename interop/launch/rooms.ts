/**
 * Containers that live, for programs that make one call and end: to start a program in one costs
 * a third of what it costs to start a container. A program has its room to itself.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type Dockerode from 'dockerode';
import { getContainerRuntimeClient } from 'testcontainers';
import type { Command } from '../model/peer.ts';
import { type BindMount, confined, endingOf, outputsOf } from './confined.ts';
import type { Program } from './program.ts';

/** What is run, and where. */
export interface Visit {
  /** Whose image it is. */
  readonly peer: string;
  readonly image: string;
  /** What keeps a container of the image alive. */
  readonly idle: Command;
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
  readonly entryPoint: readonly string[];
  /** What stands behind the entry point where nothing else does. */
  readonly defaults: readonly string[];
}

export function openRooms(): Rooms {
  const rooms = new Set<Room>();
  let isOver = false;

  async function run(visit: Visit): Promise<Program> {
    if (isOver) throw new Error('the run is over');
    const key = JSON.stringify([visit.image, ...visit.mounts.map(({ target }) => target)]);
    const found = [...rooms].find((room) => room.isFree && room.key === key);
    const room = found ?? { peer: visit.peer, key, opened: open(visit), isFree: false };
    room.isFree = false;
    rooms.add(room);
    try {
      return await enter(await room.opened, visit, {
        leave: () => {
          room.isFree = true;
        },
        end: () => end(room),
      });
    } catch (error) {
      await end(room);
      // One that was there may have ended meanwhile.
      if (found) return run(visit);
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

async function open({ image, idle, mounts, labels }: Visit): Promise<Opened> {
  const { dockerode } = (await getContainerRuntimeClient()).container;
  const { Config } = await dockerode.getImage(image).inspect();
  const container = await dockerode.createContainer({
    Image: image,
    Entrypoint: [...idle],
    Cmd: [],
    Labels: { ...labels },
    HostConfig: {
      ...confined,
      Binds: mounts.map(({ source, target }) => `${source}:${target}:ro`),
    },
  });
  try {
    await container.start();
  } catch (error) {
    await container.remove({ force: true }).catch(() => {});
    throw error;
  }
  const { Entrypoint, Cmd } = Config;
  return { container, entryPoint: [Entrypoint ?? []].flat(), defaults: Cmd ?? [] };
}

interface Door {
  /** The program has ended by itself. */
  leave(): void;
  /** Ends the room, and all that runs in it: the engine has no way to end one program of several. */
  end(): Promise<void>;
}

async function enter(opened: Opened, { args, env }: Visit, door: Door): Promise<Program> {
  const { container, entryPoint, defaults } = opened;
  const { dockerode } = (await getContainerRuntimeClient()).container;
  const exec = await container.exec({
    Cmd: [...entryPoint, ...(args.length > 0 ? args : defaults)],
    Env: Object.entries(env ?? {}).map(([name, value]) => `${name}=${value}`),
    AttachStdin: true,
    AttachStdout: true,
    AttachStderr: true,
  });
  const stream = await exec.start({ hijack: true, stdin: true });
  const { stdout, stderr, read } = outputsOf(dockerode, stream);
  let state: 'runs' | 'is killed' | 'has ended' = 'runs';
  const ended = read
    .then(() => exitCodeOf(exec))
    .then((code) => {
      if (state === 'runs') door.leave();
      state = 'has ended';
      return endingOf(code);
    });
  async function kill(): Promise<void> {
    if (state === 'runs') {
      state = 'is killed';
      await door.end();
    }
    await ended;
  }
  return {
    stdin: stream as unknown as Program['stdin'],
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

/** -1 when the container has gone with it. */
async function exitCodeOf(exec: Dockerode.Exec): Promise<number> {
  for (;;) {
    const { Running, ExitCode } = await exec.inspect().catch(() => ({ Running: false, ExitCode: -1 }));
    if (!Running) return ExitCode ?? -1;
    // The end of its output may be told before its own.
    await sleep(20);
  }
}
