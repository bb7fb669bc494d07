import { describe, expect, it } from 'vitest';
import { aCell } from '../fixtures/values.ts';
import { PeerError } from '../launch/peer-error.ts';
import type { Cell } from '../model/cell.ts';
import type { Attempt } from './attempt.ts';
import { playPairing } from './pairing.ts';

function aFault(what: string): PeerError {
  return new PeerError({ peer: 'b', role: 'server', stage: 'call', what });
}

function anAttempt(cell: Cell, fault?: PeerError): Attempt {
  const rest = { cell, evidence: [], logs: { client: [], server: [] }, durationMs: 1 };
  if (!fault) return { ...rest, outcome: { kind: 'passed' } };
  const outcome = { kind: 'broken', by: 'server', stage: 'call', reason: fault.message } as const;
  return { ...rest, outcome, fault };
}

/** Plays cells by their scenarios' names. `breaks` says what an attempt breaks, the first or a later one. */
async function played(
  names: readonly string[],
  breaks: (name: string, isAgain: boolean) => PeerError | undefined,
  waits: (name: string) => boolean = (name) => name.startsWith('wait'),
) {
  const tries: string[] = [];
  const results = new Map<string, Attempt>();
  const inFlight = new Set<string>();
  const together: string[] = [];
  await playPairing(
    names.map((name) => aCell(`a/b/${name}`)),
    {
      waits: (cell) => waits(cell.scenario),
      async attempt(cell) {
        const name = cell.scenario;
        const isAgain = tries.includes(name);
        tries.push(name);
        inFlight.add(name);
        together.push([...inFlight].join('+'));
        await new Promise(setImmediate);
        inFlight.delete(name);
        return anAttempt(cell, breaks(name, isAgain));
      },
      async finish(attempt) {
        expect(results.has(attempt.cell.scenario), 'one result a cell').toBe(false);
        results.set(attempt.cell.scenario, attempt);
      },
    },
  );
  const outcomes = Object.fromEntries(
    [...results].map(([name, { outcome }]) => [
      name,
      outcome.kind === 'broken' ? outcome.reason : outcome.kind,
    ]),
  );
  return { tries, outcomes, together };
}

const never = () => undefined;

describe('a pairing', () => {
  it('plays its cells one after another, in their order', async () => {
    const { outcomes, together } = await played(['one', 'two', 'three'], never);
    expect(together).toEqual(['one', 'two', 'three']);
    expect(outcomes).toEqual({ one: 'passed', two: 'passed', three: 'passed' });
  });

  it('plays those that wait beside the others, when the first of these is over', async () => {
    const { outcomes, together } = await played(['wait1', 'one', 'two', 'wait2', 'three'], never);
    expect(together).toEqual(['one', 'wait1', 'wait1+wait2', 'wait1+wait2+two', 'three']);
    expect(Object.keys(outcomes).toSorted()).toEqual(['one', 'three', 'two', 'wait1', 'wait2']);
  });

  it('plays those that wait when there are no others', async () => {
    const { together } = await played(['wait1', 'wait2'], never);
    expect(together).toEqual(['wait1', 'wait1+wait2']);
  });

  it('believes a fault that one cell met alone', async () => {
    const { tries, outcomes } = await played(['one', 'two'], (name) =>
      name === 'one' ? aFault('ended') : undefined,
    );
    expect(tries).toEqual(['one', 'two']);
    expect(outcomes).toEqual({ one: 'b server ended', two: 'passed' });
  });

  it('plays again, alone, each cell that a fault hit; only the guilty one stays broken', async () => {
    const shared = aFault('ended');
    const { tries, outcomes, together } = await played(['wait1', 'one', 'wait2', 'two'], (name, isAgain) => {
      if (isAgain) return name === 'wait2' ? aFault('ended again') : undefined;
      return name === 'two' ? undefined : shared;
    });
    expect(tries.slice(4).toSorted()).toEqual(['one', 'wait1', 'wait2']);
    expect(
      together.slice(4).every((names) => !names.includes('+')),
      'alone',
    ).toBe(true);
    expect(outcomes).toEqual({
      one: 'passed',
      two: 'passed',
      wait1: 'passed',
      wait2: 'b server ended again',
    });
  });

  it('leaves all broken when none is guilty alone', async () => {
    const shared = aFault('ended');
    const { outcomes } = await played(['wait1', 'wait2', 'two'], (name, isAgain) =>
      isAgain || name === 'two' ? undefined : shared,
    );
    const reason = 'b server ended\n  it broke while 2 cells were in flight, and under none of them alone';
    expect(outcomes).toEqual({ two: 'passed', wait1: reason, wait2: reason });
  });

  it('leaves all broken when each is guilty', async () => {
    const shared = aFault('ended');
    const { outcomes } = await played(['wait1', 'wait2'], (name, isAgain) =>
      isAgain ? aFault(`ended under ${name}`) : shared,
    );
    expect(outcomes).toEqual({ wait1: 'b server ended under wait1', wait2: 'b server ended under wait2' });
  });

  it('keeps two incidents apart', async () => {
    const [first, second] = [aFault('ended'), aFault('printed nonsense')];
    const { tries, outcomes } = await played(['wait1', 'wait2', 'wait3', 'one'], (name, isAgain) => {
      if (isAgain) return undefined;
      return { wait1: first, wait2: first, wait3: second }[name];
    });
    expect(tries.toSorted()).toEqual(['one', 'wait1', 'wait1', 'wait2', 'wait2', 'wait3']);
    expect(outcomes).toMatchObject({ one: 'passed', wait3: 'b server printed nonsense' });
    expect(outcomes.wait1).toMatch(/under none of them alone$/);
  });
});
