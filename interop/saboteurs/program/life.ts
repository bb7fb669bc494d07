import { setTimeout as sleep } from 'node:timers/promises';
import { lieNamed } from '../lies/lies.ts';
import type { Behaviour } from './behaviour.ts';
import { honest } from './honest.ts';
import type { LineOut } from './lines.ts';
import { startPeer } from './peer.ts';

/** "finish those in flight, for 5 s at most" */
const finishMs = 5_000;

/** A peer from its first line to its end, wherever it runs. */
export interface Life {
  take(line: string): void;
  inputEnded(): void;
  signalled(): void;
  /** Lets go of every connection at once, as a process does that is killed. */
  drop(): Promise<void>;
}

/** What it is started with. */
export interface Start {
  /** Absent: it is honest. */
  readonly lie: string | undefined;
  /** The file in which it tells the keys of its connections; absent: it tells none. */
  readonly keyLog: string | undefined;
}

/** `exit`: with code 0. */
export async function begin(
  { lie, keyLog }: Start,
  write: (text: string) => void,
  exit: () => void,
): Promise<Life> {
  const behaviour: Behaviour = { ...honest, ...(lie !== undefined && lieNamed(lie)) };
  await behaviour.starts();
  const say = (line: LineOut) => write(behaviour.prints(`${JSON.stringify(line)}\n`));
  const peer = startPeer(behaviour, say, keyLog);
  const ready = {
    language: 'none',
    languageVersion: process.version,
    library: 'saboteur',
    libraryVersion: lie ?? 'honest',
    messages: 'dynamic',
  };
  say({ ready });
  async function finish(): Promise<void> {
    await Promise.race([peer.finish(), sleep(finishMs, undefined, { ref: false })]);
    exit();
  }
  return {
    take: peer.take,
    inputEnded: () => void behaviour.stops(finish, 'end of input'),
    signalled: () => void behaviour.stops(finish, 'signal'),
    drop: peer.drop,
  };
}
