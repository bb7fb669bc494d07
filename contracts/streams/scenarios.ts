import type { Builder } from '../../interop/contract/builder.ts';
import type { Scenario } from '../../interop/model/scenario.ts';
import { cardinality } from './cardinality.ts';
import { counts } from './counts.ts';
import { ends } from './ends.ts';
import { large } from './large.ts';
import { order } from './order.ts';
import { serviceOf } from './service.ts';

/** Every scenario of streams, in the order in which a pairing plays them. */
export function scenarios(builder: Builder): readonly Scenario[] {
  const service = serviceOf(builder);
  return [counts, order, ends, large, cardinality].flatMap((group) => group(service));
}
