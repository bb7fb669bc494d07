import type { Builder } from '../../interop/contract/builder.ts';
import type { Scenario } from '../../interop/model/scenario.ts';
import { compression } from './compression.ts';
import { ends } from './ends.ts';
import { customMetadata } from './metadata.ts';
import { serviceOf } from './service.ts';
import { status } from './status.ts';
import { streaming } from './streaming.ts';
import { unary } from './unary.ts';

/** The official cases, in the order in which a pairing plays them. */
export function scenarios(builder: Builder): readonly Scenario[] {
  const service = serviceOf(builder);
  return [
    ...unary(service),
    ...streaming(service),
    ...ends(service),
    customMetadata(service),
    ...status(service),
    ...compression(service),
  ];
}
