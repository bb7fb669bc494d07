import type { Scenario } from '../model/scenario.ts';
import { cancel } from './cancel.ts';
import { deadline } from './deadline.ts';
import { gzip } from './gzip.ts';
import { load } from './load.ts';
import { metadata } from './metadata.ts';
import { method } from './method.ts';
import { pick } from './pick.ts';
import { restart } from './restart.ts';
import { size } from './size.ts';
import { status } from './status.ts';
import { unknown } from './unknown.ts';

/** Every scenario, in the order in which a pairing runs them. */
export const scenarios: readonly Scenario[] = [
  ...pick,
  ...unknown,
  ...metadata,
  ...status,
  ...deadline,
  ...cancel,
  ...method,
  ...size,
  ...gzip,
  ...load,
  ...restart,
];
