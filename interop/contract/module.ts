/**
 * What the module of somebody's contract may import of the package:
 *
 *     import { type Builder, inTurn, type Scenario } from 'stitch/contract';
 *     export function scenarios(builder: Builder): readonly Scenario[] { … }
 */
export * from '../model/call.ts';
export * from '../model/message.ts';
export * from '../model/scenario.ts';
export * from '../model/status.ts';
export * from './builder.ts';
