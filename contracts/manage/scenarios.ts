import type { Builder } from '../../interop/contract/builder.ts';
import type { Scenario } from '../../interop/model/scenario.ts';
import { cancel } from './cancel.ts';
import { deadline } from './deadline.ts';
import { gzip } from './gzip.ts';
import { load } from './load.ts';
import { metadata } from './metadata.ts';
import { method } from './method.ts';
import { pick } from './pick.ts';
import { restart } from './restart.ts';
import { serviceOf } from './service.ts';
import { size } from './size.ts';
import { status } from './status.ts';
import { unknown } from './unknown.ts';

/** Every scenario of the service, in the order in which a pairing plays them. */
export function scenarios(builder: Builder): readonly Scenario[] {
  const service = serviceOf(builder);
  return [pick, unknown, metadata, status, deadline, cancel, method, size, gzip, load, restart].flatMap(
    (group) => group(service),
  );
}
