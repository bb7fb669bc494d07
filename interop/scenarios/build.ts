import type { CallSpec, Metadatum } from '../model/call.ts';
import type { Expectation, PlannedCall, Scenario, Step } from '../model/scenario.ts';
import { Code } from '../model/status.ts';
import { row } from './table.ts';

export const pickOne = '/Manage/PickOne';

/** The call of a name, plain unless told otherwise. */
export function call(name: string, more: Partial<CallSpec> = {}): CallSpec {
  return { method: pickOne, name, metadata: [], ...more };
}

/** The row of that name, OK, reported by both witnesses. The message that goes with OK means nothing. */
export function answers(name: string, more: Partial<Expectation> = {}): Expectation {
  return { code: Code.OK, reply: row(name), served: 'answered', ...more };
}

/** A plain call before one that is timed: or the time to connect would count. */
export const connects: PlannedCall = { spec: call('Cyber'), expect: answers('Cyber') };

/** What the contract wants for a name that nobody knows. */
export const notFound: Expectation = {
  code: Code.NOT_FOUND,
  message: 'expirement not found',
  served: 'answered',
};

export function text(key: string, value: string): Metadatum {
  return { key, text: value };
}

export function binary(key: string, value: Uint8Array): Metadatum {
  return { key, binary: Buffer.from(value).toString('base64') };
}

export function inTurn(...calls: readonly PlannedCall[]): Step {
  return { do: 'calls', pace: 'in-turn', calls };
}

/** A scenario: what most of them do not say has its usual value here. */
export function scenario(
  it: Pick<Scenario, 'name' | 'title' | 'source' | 'steps'> & {
    readonly needs?: Partial<Scenario['needs']>;
    readonly connection?: Scenario['connection'];
    readonly waits?: boolean;
  },
): Scenario {
  return {
    connection: 'shared',
    waits: false,
    ...it,
    needs: { client: it.needs?.client ?? [], server: it.needs?.server ?? [] },
  };
}
