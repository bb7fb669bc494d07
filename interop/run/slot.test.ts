import { describe, expect, it } from 'vitest';
import type { Running } from '../launch/launcher.ts';
import { PeerError } from '../launch/peer-error.ts';
import { makeSlot } from './slot.ts';

interface Fake extends Running {
  readonly number: number;
  readonly stops: () => number;
}

/** A peer that breaks when it is told to. */
function aRunning(number: number, problem?: string): Fake {
  let fault: PeerError | undefined;
  let stops = 0;
  return {
    number,
    stops: () => stops,
    implementation: { language: '', languageVersion: '', library: '', libraryVersion: '' },
    startupMs: 0,
    faulted: new Promise(() => {}),
    get fault() {
      return fault;
    },
    fail(what) {
      fault ??= new PeerError({ peer: 'b', role: 'server', stage: 'call', what }, what.startsWith('hung'));
      return fault;
    },
    logSince: () => [],
    logMark: () => 0,
    async stop() {
      stops += 1;
      return problem;
    },
    async [Symbol.asyncDispose]() {},
  };
}

function aSlot(problem?: string) {
  const started: Fake[] = [];
  const slot = makeSlot<Fake>(async () => {
    const running = aRunning(started.length + 1, problem);
    started.push(running);
    return running;
  });
  return { slot, started };
}

describe('a slot', () => {
  it('starts what is in it once, however many use it', async () => {
    const { slot, started } = aSlot();
    const used = await Promise.all([slot.use(), slot.use(), slot.use()]);
    expect(used.map((each) => each.number)).toEqual([1, 1, 1]);
    expect(started).toHaveLength(1);
    expect(await slot.stop()).toEqual([]);
    expect(started.map((each) => each.stops())).toEqual([1]);
  });

  it('starts nothing that nobody uses', async () => {
    const { slot, started } = aSlot();
    expect(await slot.stop()).toEqual([]);
    expect(started).toEqual([]);
  });

  it('replaces what broke, once, and ends it', async () => {
    const { slot, started } = aSlot();
    slot.reported((await slot.use()).fail('ended'));
    const used = await Promise.all([slot.use(), slot.use()]);
    expect(used.map((each) => each.number)).toEqual([2, 2]);
    expect(await slot.stop()).toEqual([]);
    expect(started.map((each) => each.stops())).toEqual([1, 1]);
  });

  it('replaces what was taken out of service, and blames it for nothing', async () => {
    const { slot, started } = aSlot();
    await slot.use();
    slot.discard();
    expect((await slot.use()).number).toBe(2);
    expect((await slot.use()).number, 'only the one').toBe(2);
    expect(await slot.stop()).toEqual([]);
    expect(started.map((each) => each.stops())).toEqual([1, 1]);
  });

  it('tells in the end of a fault that no cell has told', async () => {
    const { slot } = aSlot();
    (await slot.use()).fail('ended between two cells');
    await slot.use();
    expect(await slot.stop()).toEqual(['b server ended between two cells']);
  });

  it('tells of a fault after the last cell', async () => {
    const { slot } = aSlot();
    (await slot.use()).fail('ended');
    expect(await slot.stop()).toEqual(['b server ended']);
  });

  it('tells nothing of a fault after the last cell that told it', async () => {
    const { slot } = aSlot();
    slot.reported((await slot.use()).fail('ended'));
    expect(await slot.stop()).toEqual([]);
  });

  it('tells what went wrong when it was ended', async () => {
    const { slot } = aSlot('b server did not stop: killed');
    await slot.use();
    expect(await slot.stop()).toEqual(['b server did not stop: killed']);
  });

  it('rejects for good when the start fails', async () => {
    let starts = 0;
    const slot = makeSlot<Fake>(async () => {
      starts += 1;
      throw new PeerError({ peer: 'b', role: 'server', stage: 'ready', what: 'did not start' });
    });
    for (let turn = 0; turn < 3; turn++) await expect(slot.use()).rejects.toThrow('b server did not start');
    expect(starts).toBe(1);
    expect(await slot.stop()).toEqual([]);
    await slot.abandon();
  });

  it('rejects for good when the replacement fails', async () => {
    let starts = 0;
    const slot = makeSlot<Fake>(async () => {
      starts += 1;
      if (starts === 2)
        throw new PeerError({ peer: 'b', role: 'server', stage: 'ready', what: 'did not start' });
      return aRunning(starts);
    });
    slot.reported((await slot.use()).fail('ended'));
    await expect(slot.use()).rejects.toThrow('b server ended, and did not come back: did not start');
    await expect(slot.use()).rejects.toThrow('b server ended, and did not come back: did not start');
    expect(starts).toBe(2);
  });

  it('gives up after three hangs in a row', async () => {
    const { slot, started } = aSlot();
    for (let turn = 0; turn < 3; turn++) slot.reported((await slot.use()).fail('hung'));
    const message = [
      'b server was silent in 3 cells in a row and was not tried again',
      '  hint: run it alone with: npm run interop -- server:b',
    ].join('\n');
    await expect(slot.use()).rejects.toThrow(message);
    await expect(slot.use()).rejects.toThrow(message);
    expect(started).toHaveLength(3);
    expect(await slot.stop()).toEqual([]);
    expect(started.map((each) => each.stops())).toEqual([1, 1, 1]);
  });

  it('does not give up when a cell between them was played to its end', async () => {
    const { slot, started } = aSlot();
    for (let turn = 0; turn < 5; turn++) {
      slot.reported((await slot.use()).fail('hung'));
      if (turn % 2 === 1) {
        await slot.use();
        slot.praise();
      }
    }
    expect((await slot.use()).number).toBe(6);
    expect(started).toHaveLength(6);
  });

  it('does not give up on what ends by itself', async () => {
    const { slot } = aSlot();
    for (let turn = 0; turn < 5; turn++) slot.reported((await slot.use()).fail('ended'));
    expect((await slot.use()).number).toBe(6);
  });

  it('ends what is running at once when the run is abandoned', async () => {
    const { slot, started } = aSlot('never told');
    const running = await slot.use();
    await slot.abandon();
    expect(running.fault?.message).toBe('b server was ended with the run');
    expect(started.map((each) => each.stops())).toEqual([1]);
  });
});
