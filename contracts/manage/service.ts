/** What is said of the service, by name: calls of it, and what comes of them. */
import { type Builder, end } from '../../interop/contract/builder.ts';
import type { CallSpec, ClientStep, Script, ServerStep } from '../../interop/model/call.ts';
import type { Expectation, PlannedCall } from '../../interop/model/scenario.ts';
import { Code } from '../../interop/model/status.ts';
import { row } from './table.ts';

export const pickOne = '/Manage/PickOne';

/** The service, as scenarios speak of it. */
export interface Service extends Builder {
  /** The call of a name, plain unless told otherwise. */
  call(name: string, more?: Partial<CallSpec>): CallSpec;
  /** The row of that name, OK, reported by all witnesses. The message that goes with OK means nothing. */
  answers(name: string, more?: Partial<Expectation>): Expectation;
  /** A script that answers with the row of that name; `before` it, what else it does, and `end` with it. */
  script(name: string, more?: ScriptParts): Script;
  /** A plain call before one that is timed: or the time to connect would count. */
  readonly connects: PlannedCall;
}

interface ScriptParts {
  /** The row to answer with; absent: none. */
  readonly row?: string;
  readonly before?: readonly ServerStep[];
  readonly end?: ServerStep;
  readonly compression?: 'gzip';
}

/** What the contract wants for a name that nobody knows. */
export const notFound: Expectation = {
  code: Code.NOT_FOUND,
  message: 'expirement not found',
  responses: [],
  served: 'answered',
};

export function serviceOf(builder: Builder): Service {
  function call(name: string, more: Partial<CallSpec> = {}): CallSpec {
    return { method: pickOne, metadata: [], steps: [send(name)], ...more };
  }
  // Most scenarios ask for the same few rows, and one for a hundred of them.
  const send = remembering((name): ClientStep => ({ send: builder.request(pickOne, { name }) }));
  const answer = remembering((name) => builder.response(pickOne, { ...row(name) }));
  function answers(name: string, more: Partial<Expectation> = {}): Expectation {
    const { json } = answer(name);
    return { code: Code.OK, responses: [{ json }], served: 'answered', ...more };
  }
  function script(
    name: string,
    { row: named, before = [], end: last = end(), compression }: ScriptParts = {},
  ) {
    return {
      name,
      ...(compression && { compression }),
      steps: [{ receive: 1 }, ...before, ...(named === undefined ? [] : [{ send: answer(named) }]), last],
    };
  }
  return { ...builder, call, answers, script, connects: { spec: call('Cyber'), expect: answers('Cyber') } };
}

/** Makes one of each name, and gives it again. */
function remembering<T>(make: (name: string) => T): (name: string) => T {
  const made = new Map<string, T>();
  return (name) => {
    const found = made.get(name) ?? make(name);
    made.set(name, found);
    return found;
  };
}
