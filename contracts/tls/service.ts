import { type Builder, calling } from '../../interop/contract/builder.ts';
import type { CallSpec } from '../../interop/model/call.ts';
import type { Expectation } from '../../interop/model/scenario.ts';
import { Code } from '../../interop/model/status.ts';

/** One that every peer has code for: what is encrypted is no matter here. */
const pickOne = '/Manage/PickOne';

const rows = {
  Gigi: { name: 'Gigi', id: 6, skill: 'touching ur heart' },
  Stitch: { name: 'Stitch', id: 7, skill: 'making annoyed noise' },
} as const;

type Name = keyof typeof rows;

/** The service, as scenarios speak of it. */
export interface Service extends Builder {
  call(name: Name, more?: Partial<CallSpec>): CallSpec;
  /** The row of that name, OK, reported by all witnesses. */
  answers(name: Name, more?: Partial<Expectation>): Expectation;
}

export function serviceOf(builder: Builder): Service {
  return {
    ...builder,
    call: (name, more) => calling(pickOne, [{ send: builder.request(pickOne, { name }) }], more),
    answers(name, more) {
      const { json } = builder.response(pickOne, rows[name]);
      return { code: Code.OK, responses: [{ json }], served: 'answered', ...more };
    },
  };
}
