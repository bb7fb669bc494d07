/** Ways to lie about the messages of the plain service. */
import { create, type DescMessage } from '@bufbuild/protobuf';
import { type Row, table } from '../../../contracts/manage/table.ts';
import type { Lie, Message } from '../program/behaviour.ts';
import { honest } from '../program/honest.ts';
import type { Call } from '../program/lines.ts';
import { type Answered, lookUp, pickOne, plainTypes } from '../program/plain.ts';
import { textIn } from './fields.ts';

const plain = plainTypes.methods.get(pickOne);
if (!plain) throw new Error('the plain service has no method');
const { request, response } = plain;

export function isRow(type: DescMessage): boolean {
  return type.typeName === response.typeName;
}

export function isRowMessage({ $typeName }: Message): boolean {
  return $typeName === response.typeName;
}

export function isQuestion(type: DescMessage): boolean {
  return type.typeName === request.typeName;
}

export function rowOf(message: Message): Row {
  const { name, id, skill } = message as Message & Row;
  return { name, id, skill };
}

export function messageOf(row: Row): Message {
  return create(response, { ...row });
}

export function encodeRow(row: Row): Buffer {
  return Buffer.from(honest.serializes(response, messageOf(row), 'wire'));
}

/** In base64. */
export function decodeRow(base64: string): Row {
  return rowOf(honest.parses(response, Buffer.from(base64, 'base64'), 'line'));
}

/** What that call asks for. */
export function nameIn({ steps }: Call): string {
  const [bytes] = steps.flatMap((step) => ('send' in step ? [step.send] : []));
  return textIn(Buffer.from(bytes ?? '', 'base64'), 1);
}

/** Whether it is a call of the plain service, or of another method with its types. */
export function isPlain({ method, types }: Call): boolean {
  return (types || method) === pickOne;
}

/** The row of that number, as the service gives it. */
export function found(id: number): Answered {
  return lookUp(table[id]?.name ?? '');
}

/** Writes rows, and no other messages, otherwise. */
export function writesRows(change: (row: Row) => Buffer): Lie {
  return {
    serializes: (type, message, to) =>
      to === 'wire' && isRow(type) ? change(rowOf(message)) : honest.serializes(type, message, to),
  };
}

/** Reads rows, and no other messages, otherwise. */
export function readsRows(change: (row: Row) => Row): Lie {
  return {
    parses(type, bytes, from) {
      const message = honest.parses(type, bytes, from);
      return from === 'wire' && isRow(type) ? messageOf(change(rowOf(message))) : message;
    },
  };
}
