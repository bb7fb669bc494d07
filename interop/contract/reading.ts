import type { Node } from 'yaml';
import type { Method } from '../messages/types.ts';
import type { Builder } from './builder.ts';
import type { CaseFile } from './cases.ts';

/** A case, while it is read. */
export interface Reading {
  readonly file: CaseFile;
  readonly node: Node;
  /** By their keys. */
  readonly members: ReadonlyMap<string, Node>;
  readonly method: Method;
  readonly builder: Builder;
}
