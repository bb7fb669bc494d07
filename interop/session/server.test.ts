import { expect, it } from 'vitest';
import { aProgram } from '../fixtures/program.ts';
import { aPeer } from '../fixtures/values.ts';
import { defaultLimits } from '../launch/launcher.ts';
import type { Program } from '../launch/program.ts';
import { noTypes } from '../messages/types.ts';
import { makeIdentities } from '../pki/identities.ts';
import { openServer } from './server.ts';

interface Line {
  readonly id: string;
  readonly script?: { readonly name: string; readonly steps: readonly object[] };
}

/** A server program that does as it is told; `told` hears of each script: its name, and how many steps it has. */
function aServer(told: string[]): Program {
  return aProgram((line) => {
    const { id, script } = line as Line;
    if (script) told.push(`${script.name}: ${script.steps.length}`);
    return { answer: { id, port: 1 } };
  });
}

it('a server answers calls that name no script with those of the moment, and forgets the others', async () => {
  const told: string[] = [];
  const at = { host: '127.0.0.1', port: 0 };
  await using server = await openServer(
    aPeer('alpha'),
    aServer(told),
    defaultLimits,
    noTypes,
    makeIdentities(),
    at,
    0,
  );
  const script = (name: string) => ({ name, steps: [{ receive: 1 }, { waitMs: 1 }] });
  const [one, other, again] = [script('/a.B/C'), script('/a.B/D'), script('/a.B/C')];
  async function heard(...scripts: Parameters<typeof server.answerUnnamed>[0]): Promise<readonly string[]> {
    told.length = 0;
    await server.answerUnnamed(scripts);
    return [...told];
  }
  expect(await heard()).toEqual([]);
  expect(await heard(one, other)).toEqual(['/a.B/C: 2', '/a.B/D: 2']);
  expect(await heard(one, other)).toEqual([]);
  // Another one of the same name takes its place.
  expect(await heard(again)).toEqual(['/a.B/D: 0', '/a.B/C: 2']);
  expect(await heard()).toEqual(['/a.B/C: 0']);
  expect(await heard()).toEqual([]);
});
