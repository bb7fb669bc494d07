import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { aCell } from '../fixtures/values.ts';
import type { Cell } from '../model/cell.ts';
import { runLanes } from './lanes.ts';

const going = new AbortController().signal;
const one = () => 1;

function pairings(clients: readonly string[], servers: readonly string[]): readonly (readonly Cell[])[] {
  return clients.flatMap((client) => servers.map((server) => [aCell(`${client}/${server}/pick/one`)]));
}

function nameOf([cell]: readonly Cell[]): string {
  return `${cell?.client}→${cell?.server}`;
}

/** Plays lanes that end when told to, and keeps who is playing. */
function aField() {
  const playing = new Map<string, PromiseWithResolvers<void>>();
  const played: string[] = [];
  let most = 0;
  return {
    playing,
    played,
    most: () => most,
    async play(cells: readonly Cell[]): Promise<void> {
      const name = nameOf(cells);
      const busy = [...playing.keys()].flatMap((other) => other.split('→').map((who, at) => `${at} ${who}`));
      for (const [at, who] of name.split('→').entries()) expect(busy).not.toContain(`${at} ${who}`);
      const end = Promise.withResolvers<void>();
      playing.set(name, end);
      most = Math.max(most, playing.size);
      try {
        await end.promise;
      } finally {
        playing.delete(name);
        played.push(name);
      }
    },
    async end(name: string, error?: Error): Promise<void> {
      if (error) playing.get(name)?.reject(error);
      else playing.get(name)?.resolve();
      await sleep(0);
    },
  };
}

describe('lanes', () => {
  it('are as many as have a client and a server to themselves', async () => {
    const field = aField();
    const done = runLanes(pairings(['a', 'b', 'c'], ['a', 'b', 'c']), one, going, field.play);
    expect([...field.playing.keys()]).toEqual(['a→a', 'b→b', 'c→c']);
    await field.end('b→b');
    expect([...field.playing.keys()], 'only b is free, on either side').toEqual(['a→a', 'c→c']);
    await field.end('a→a');
    expect([...field.playing.keys()]).toEqual(['c→c', 'a→b', 'b→a']);
    while (field.playing.size > 0) await field.end([...field.playing.keys()].at(-1) ?? '');
    await done;
    expect(field.played.toSorted()).toEqual(
      pairings(['a', 'b', 'c'], ['a', 'b', 'c']).map(nameOf).toSorted(),
    );
  });

  it.each([
    [1, 5, 1],
    [5, 1, 1],
    [2, 4, 2],
    [4, 4, 4],
  ])('play all of %i clients and %i servers, at most %i at a time', async (clients, servers, most) => {
    const names = (count: number) => Array.from({ length: count }, (_, index) => `peer${index}`);
    const all = pairings(names(clients), names(servers));
    const field = aField();
    const done = runLanes(all, one, going, field.play);
    let turn = 0;
    while (field.playing.size > 0) {
      const playing = [...field.playing.keys()];
      // Whoever ends first, nobody is starved: the turn goes round.
      await field.end(playing[turn++ % playing.length] ?? '');
    }
    await done;
    expect(field.played).toHaveLength(all.length);
    expect(new Set(field.played).size).toBe(all.length);
    expect(field.most()).toBe(most);
  });

  it('are more than one for a client that may, and one for each server', async () => {
    const playing = new Map<string, () => void>();
    const play = (cells: readonly Cell[]) =>
      new Promise<void>((resolve) => playing.set(nameOf(cells), resolve));
    const end = async (name: string) => {
      playing.get(name)?.();
      playing.delete(name);
      await sleep(0);
    };
    const all = pairings(['a', 'b'], ['a', 'b', 'c', 'd']);
    const done = runLanes(all, (client) => (client === 'a' ? 2 : 1), going, play);
    expect([...playing.keys()]).toEqual(['a→a', 'a→b', 'b→c']);
    await end('a→a');
    expect([...playing.keys()]).toEqual(['a→b', 'b→c', 'a→d']);
    while (playing.size > 0) await end([...playing.keys()][0] ?? '');
    await done;
  });

  it('of nothing end at once', async () => {
    await runLanes([], one, going, () => Promise.reject(new Error('never')));
  });

  it('start nothing more after an error, and reject with the first when all have ended', async () => {
    const field = aField();
    let isOver = false;
    const done = runLanes(pairings(['a', 'b'], ['a', 'b']), one, going, field.play).finally(() => {
      isOver = true;
    });
    done.catch(() => {});
    await field.end('a→a', new Error('first'));
    expect([...field.playing.keys()]).toEqual(['b→b']);
    expect(isOver).toBe(false);
    await field.end('b→b', new Error('second'));
    await expect(done).rejects.toThrow('first');
    expect(field.played).toEqual(['a→a', 'b→b']);
  });

  it('start nothing more when the signal stops them', async () => {
    const field = aField();
    const stop = new AbortController();
    const done = runLanes(pairings(['a', 'b'], ['a', 'b']), one, stop.signal, field.play);
    stop.abort('SIGINT');
    await field.end('a→a');
    expect([...field.playing.keys()]).toEqual(['b→b']);
    await field.end('b→b');
    await done;
    expect(field.played).toEqual(['a→a', 'b→b']);
  });
});
