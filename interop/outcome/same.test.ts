import { describe, expect, it } from 'vitest';
import { inMemory } from '../fixtures/memory.ts';
import { eventsOf, planOf } from '../fixtures/runs.ts';
import {
  aCell,
  aFailure,
  aKnownFailure,
  anEvidence,
  aPeer,
  aPlannedCall,
  aRecord,
  aResult,
  aServed,
  aStart,
} from '../fixtures/values.ts';
import { aMessage, aResponse, aStream, aWire } from '../fixtures/wire.ts';
import type { CellResult, RunEvent } from '../model/event.ts';
import type { CallEvidence } from '../model/evidence.ts';
import type { Mismatch, Outcome } from '../model/outcome.ts';
import { sameness, startTelling } from './same.ts';

const id = 'a/b/pick/one';

function told(...events: readonly RunEvent[]) {
  const { add, told } = startTelling();
  events.forEach(add);
  return told();
}

function finished(result: CellResult): RunEvent {
  return { type: 'cell-finished', result };
}

/** A run of one cell, which came to this in its rounds. */
function aRun(outcomes: readonly Outcome[], more: Parameters<typeof aStart>[1] = {}, known?: number) {
  const cell = aCell(id, known === undefined ? {} : { known });
  const results = outcomes.map((outcome, index) => finished(aResult(id, outcome, index + 1)));
  return told(aStart([cell], more), ...results);
}

function aPass(...calls: readonly CallEvidence[]) {
  return told(aStart([aCell(id)]), finished({ ...aResult(id), evidence: { calls, omitted: 0 } }));
}

function failed(...mismatches: readonly Partial<Mismatch>[]): Outcome {
  const plain = { call: 0, witness: 'client', what: 'status', wanted: 'OK', got: 'UNKNOWN' } as const;
  return aFailure(mismatches.map((each) => ({ ...plain, ...each })));
}

const passed: Outcome = { kind: 'passed' };

describe('two runs of the whole engine', () => {
  const plan = planOf([aPeer('a'), aPeer('b')]);

  it('come to the same', async () => {
    const [before, after] = [await eventsOf(plan, inMemory()), await eventsOf(plan, inMemory())];
    expect(sameness(told(...before), told(...after))).toEqual({
      compared: plan.cells.length,
      races: 0,
      differences: [],
    });
  });

  it('do not where a server answers otherwise', async () => {
    const twisted = inMemory({ b: (_, answer) => ({ ...answer, responses: [{ json: { id: 1 } }] }) });
    const [before, after] = [await eventsOf(plan, inMemory()), await eventsOf(plan, twisted)];
    const { differences } = sameness(told(...before), told(...after));
    expect(differences.length).toBeGreaterThan(4);
    expect(differences.every(({ cell, what }) => cell.split('/')[1] === 'b' && what === 'verdict')).toBe(
      true,
    );
  });
});

describe('a verdict', () => {
  it.each<[string, Outcome, Outcome]>([
    ['was none', passed, failed({})],
    ['names another witness', failed({}), failed({ witness: 'server' })],
    ['names something else', failed({}), failed({ what: 'response' })],
    ['is of another call', failed({}), failed({ call: 1 })],
    ['has more', failed({}), failed({}, { what: 'response' })],
    [
      'blames another side',
      failed({}),
      { ...aFailure(), blame: { side: 'server', because: 'it is a test' } },
    ],
    [
      'is of another stage',
      { kind: 'broken', by: 'client', stage: 'call', reason: 'a' },
      { kind: 'broken', by: 'client', stage: 'ready', reason: 'a' },
    ],
    ['is of another sort', { kind: 'unsupported', by: 'client', feature: 'gzip-request' }, passed],
  ])('is another one when it %s', (_, before, after) => {
    const { differences } = sameness(aRun([before]), aRun([after]));
    expect(differences).toMatchObject([{ cell: id, what: 'verdict' }]);
  });

  it.each<[string, Outcome, Outcome]>([
    ['got something else', failed({}), failed({ got: 'INTERNAL' })],
    ['tells the same twice', failed({}), failed({}, {})],
    [
      'gives another reason',
      { kind: 'broken', by: 'client', stage: 'call', reason: 'after 3 ms' },
      { kind: 'broken', by: 'client', stage: 'call', reason: 'after 4 ms' },
    ],
  ])('is the same when it %s', (_, before, after) => {
    expect(sameness(aRun([before]), aRun([after])).differences).toEqual([]);
  });

  it('of several rounds is the same when one of them is', () => {
    const races = [passed, failed({})];
    expect(sameness(aRun(races), aRun([passed])).differences).toEqual([]);
    expect(sameness(aRun(races), aRun([failed({ witness: 'wire' })])).differences).toEqual([
      {
        cell: id,
        what: 'verdict',
        before: 'passed or ["failed","undetermined",["client status 0"]]',
        after: '["failed","undetermined",["wire status 0"]]',
      },
    ]);
  });

  it('that the ledger calls a race is left out, in whichever run it does', () => {
    const race = [{ ledger: [aKnownFailure({ sometimes: true })] }, 0] as const;
    const left = { compared: 0, races: 1, differences: [] };
    expect(sameness(aRun([passed], ...race), aRun([failed({})]))).toEqual(left);
    expect(sameness(aRun([passed]), aRun([failed({})], ...race))).toEqual(left);
    const listed = [{ ledger: [aKnownFailure()] }, 0] as const;
    expect(sameness(aRun([passed], ...listed), aRun([failed({})], ...listed)).differences).toHaveLength(1);
  });

  it('is missing where a run did not come to it, unless cells were left out on purpose', () => {
    const [some, none] = [aRun([passed]), aRun([])];
    expect(sameness(some, none).differences).toMatchObject([{ before: 'passed', after: 'missing' }]);
    expect(sameness(none, some).differences).toMatchObject([{ before: 'missing', after: 'passed' }]);
    const part = aRun([], { leftOut: 'only what failed' });
    expect(sameness(some, part)).toEqual({ compared: 0, races: 0, differences: [] });
    expect(sameness(part, some)).toEqual({ compared: 0, races: 0, differences: [] });
  });
});

describe('evidence', () => {
  const crossed = (json: string) =>
    aWire({ streams: [aStream({ response: aResponse({ messages: [aMessage({ json })] }) })] });

  it.each<[string, CallEvidence]>([
    ['the client has another code', anEvidence({ client: aRecord({ code: 5 }) })],
    ['the client has another response', anEvidence({ client: aRecord({ responses: [] }) })],
    ['the client says nothing', anEvidence({ client: 'silent' })],
    ['the server took another request', anEvidence({ server: [aServed({ requests: [] })] })],
    ['the server played another script', anEvidence({ server: [aServed({ script: 'a' })] })],
    ['the server says that it was cancelled', anEvidence({ server: [aServed({ cancelled: true })] })],
    ['the server served it twice', anEvidence({ server: [aServed(), aServed()] })],
    ['somebody read along', anEvidence({ wire: crossed('a') })],
  ])('is not the same where %s', (_, other) => {
    expect(sameness(aPass(anEvidence()), aPass(other)).differences).toMatchObject([{ what: 'evidence' }]);
  });

  it('is not the same where something else crossed, or there are other calls', () => {
    const [one, other] = [anEvidence({ wire: crossed('a') }), anEvidence({ wire: crossed('b') })];
    expect(sameness(aPass(one), aPass(other)).differences).toHaveLength(1);
    expect(sameness(aPass(one), aPass(one)).differences).toEqual([]);
    expect(sameness(aPass(one), aPass(one, one)).differences).toHaveLength(1);
    expect(sameness(aPass(one, one), aPass(one)).differences).toHaveLength(1);
  });

  it('is the same at another time and another port', () => {
    const later = anEvidence({ client: aRecord({ elapsedMs: 9, message: 'port 2' }) });
    expect(sameness(aPass(anEvidence()), aPass(later)).differences).toEqual([]);
  });

  it('is not looked at of a call that may end before it is answered', () => {
    const { expect: wanted } = aPlannedCall({ served: 'either' });
    const [one, other] = [true, false].map((cancelled) =>
      anEvidence({ expect: wanted, server: [aServed({ cancelled })] }),
    );
    expect(sameness(aPass(one as CallEvidence), aPass(other as CallEvidence)).differences).toEqual([]);
  });
});
