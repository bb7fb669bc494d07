/** How a case's call ends. */
import { AnySchema } from '@bufbuild/protobuf/wkt';
import { isMap, type Node } from 'yaml';
import { statusWith } from '../messages/status.ts';
import type { ServerEnd } from '../model/call.ts';
import type { Json } from '../model/message.ts';
import { Code, type CodeName } from '../model/status.ts';
import { closest } from './closest.ts';
import type { Reading } from './reading.ts';
import { itemsOf, membersOf, textOf } from './source-node.ts';
import { yamlPayload } from './yaml-message.ts';

export interface Ending {
  readonly end: Pick<ServerEnd, 'code' | 'message' | 'details'>;
  readonly code: Code;
  readonly message?: string;
  readonly details?: readonly Json[];
}

/** `status: NOT_FOUND`, or with message and details. Absent: OK. */
export function endingOf(reading: Reading, node: Node | undefined): Ending {
  const { file, builder } = reading;
  if (!node) return { end: { code: Code.OK, message: '' }, code: Code.OK };
  if (!isMap(node)) {
    const code = codeOf(reading, node);
    return { end: { code, message: '' }, code };
  }
  const members = membersOf(file, node, 'status', ['code', 'message', 'details']);
  const code = codeOf(reading, members.get('code') ?? node);
  const text = members.get('message');
  const message = text ? textOf(file, text, 'status.message') : '';
  const given = members.get('details');
  if (!given) return { end: { code, message }, code, ...(text && { message }) };
  const details = itemsOf(file, given, 'status.details').map(
    (each) => yamlPayload(file, each, AnySchema, builder.types.registry).json,
  );
  const bytes = statusWith(code, message, details, builder.types.registry);
  return { end: { code, message, details: bytes }, code, ...(text && { message }), details };
}

function codeOf({ file }: Reading, node: Node): Code {
  const name = textOf(file, node, 'status');
  if (Object.hasOwn(Code, name)) return Code[name as CodeName];
  throw file.wrong(node, `status: ${name} is no status code${closest(name, Object.keys(Code))}`);
}
