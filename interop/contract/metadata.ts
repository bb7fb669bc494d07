import { isMap, isScalar, isSeq, type Node } from 'yaml';
import type { Metadatum } from '../model/call.ts';
import type { Reading } from './reading.ts';
import { keyOf, textOf } from './source-node.ts';

/** A value for each key, or a list of them; that of a `-bin` key in base64. */
export function metadataOf({ file, members }: Reading, what: string): readonly Metadatum[] | undefined {
  const node = members.get(what);
  if (!node) return undefined;
  if (!isMap(node)) throw file.wrong(node, `${what}: wanted keys and their values`);
  return node.items.flatMap((pair) => {
    const key = keyOf(file, pair);
    if (!/^[a-z0-9_.-]+$/.test(key)) throw file.wrong(pair, `${what}: ${key}: a key is in lower case`);
    const value = pair.value as Node;
    return (isSeq(value) ? (value.items as readonly Node[]) : [value]).map((each): Metadatum => {
      const text = isScalar(each) ? String(each.value) : textOf(file, each, `${what}.${key}`);
      return key.endsWith('-bin') ? { key, binary: text } : { key, text };
    });
  });
}
