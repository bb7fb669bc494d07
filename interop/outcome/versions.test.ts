import { expect, it } from 'vitest';
import { aCell, aFailure, aKnownFailure, aResult, aStart } from '../fixtures/values.ts';
import type { RunEvent } from '../model/event.ts';
import type { Outcome } from '../model/outcome.ts';
import { startCompatibility } from './versions.ts';

const passed: Outcome = { kind: 'passed' };
const failed = aFailure([{ call: 0, witness: 'client', what: 'status', wanted: 'OK', got: 'UNKNOWN' }]);

/** What a run of these cells came to, by cell. */
function told(outcomes: Readonly<Record<string, Outcome>>, ...more: readonly RunEvent[]) {
  const { add, told } = startCompatibility();
  const ids = Object.keys(outcomes);
  const names = [...new Set(ids.flatMap((id) => id.split('/').slice(0, 2)))];
  const isListed = (id: string) => id === 'a/b/pick/listed';
  const cells = ids.map((id) => aCell(id, isListed(id) ? { known: 0 } : {}));
  const peers = names.map((name) => ({ name, title: `Title of ${name}` }));
  add(aStart(cells, { peers, ledger: [aKnownFailure()] }));
  for (const event of more) add(event);
  for (const [id, outcome] of Object.entries(outcomes))
    add({ type: 'cell-finished', result: aResult(id, outcome) });
  return told();
}

function placesOf({ libraries: [library] }: ReturnType<typeof told>) {
  return library?.releases.map(({ version, places }) => [version, Object.fromEntries(places)]);
}

it('counts a release with each partner in both roles, beside what the tree has', () => {
  const compatibility = told({
    'a/b/pick/one': passed,
    'b/a/pick/one': passed,
    'a@1/b/pick/one': passed,
    'b/a@1/pick/one': passed,
  });
  const place = { passed: 2, alike: 0, worse: 0, better: 0 };
  expect(placesOf(compatibility)).toEqual([
    [undefined, { b: place }],
    ['1', { b: place }],
  ]);
  expect(compatibility.libraries[0]?.differences).toEqual([]);
});

it('tells what fails with a release only from what fails with all of them', () => {
  const compatibility = told({
    'a/b/pick/one': passed,
    'a/b/pick/listed': failed,
    'a@1/b/pick/one': failed,
    'a@1/b/pick/listed': failed,
    'a@2/b/pick/one': failed,
    'a@2/b/pick/listed': passed,
  });
  expect(placesOf(compatibility)).toEqual([
    [undefined, { b: { passed: 1, alike: 1, worse: 0, better: 0 } }],
    ['1', { b: { passed: 0, alike: 1, worse: 1, better: 0 } }],
    ['2', { b: { passed: 1, alike: 0, worse: 1, better: 1 } }],
  ]);
  expect(compatibility.libraries[0]?.differences).toEqual([
    {
      role: 'client',
      scenario: 'pick/one',
      versions: ['1', '2'],
      partners: ['b'],
      example: aResult('a@1/b/pick/one', failed),
    },
    { role: 'client', scenario: 'pick/listed', versions: ['2'], partners: ['b'], example: undefined },
  ]);
});

it("counts no library's release as another one's partner", () => {
  const compatibility = told({ 'a/b/pick/one': passed, 'a/b@1/pick/one': failed, 'a@1/b/pick/one': passed });
  expect(compatibility.libraries.map(({ name, releases }) => [name, releases.length])).toEqual([
    ['b', 2],
    ['a', 2],
  ]);
  const [, ofA] = compatibility.libraries;
  expect(ofA?.releases[0]?.places.get('b')).toEqual({ passed: 1, alike: 0, worse: 0, better: 0 });
  expect(ofA?.releases[0]?.places.has('b@1')).toBe(false);
});

it('is whole when everything was built, and the run came to its end', () => {
  const finished: RunEvent = { type: 'run-finished', at: '2026-06-30T12:00:00.000Z', durationMs: 1 };
  const built = { type: 'peer-built', peer: 'a@1', buildMs: 1, cached: false } as const;
  const outcomes = { 'a@1/b/pick/one': passed };
  expect(told(outcomes).isWhole).toBe(false);
  expect(told(outcomes, built, finished).isWhole).toBe(true);
  expect(told(outcomes, built, { ...finished, stopped: 'SIGINT' }).isWhole).toBe(false);
  const failing = told(outcomes, { ...built, problem: 'no such release' }, finished);
  expect(failing.isWhole).toBe(false);
  expect(failing.libraries[0]?.releases.at(-1)?.problem).toBe('no such release');
});
