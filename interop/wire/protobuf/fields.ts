import { isUtf8 } from 'node:buffer';
import type { MessageField, MessageType } from './descriptor.ts';
import { MalformedMessage, type MessageRecord, readRecords, wireTypeName } from './records.ts';
import { decodeValue, defaultOf, type FieldValue, wireTypeOf } from './values.ts';

export interface DecodedFields {
  readonly fields: Readonly<Record<string, FieldValue>>;
  /** What is off, as sentences joined by semicolons. */
  readonly problem?: string;
}

/** So many are told. */
const maxProblems = 4;

/**
 * Reads a message by its descriptor. What can be read is in `fields` whatever
 * else is off; of a field that comes twice the last counts, and `raw` values are
 * joined by a blank.
 */
export function decodeFields(bytes: Buffer, type: MessageType): DecodedFields {
  const fields = defaultsOf(type);
  const problems: string[] = [];
  const called = (number: number) => nameOf(type, number);
  const take = (record: MessageRecord) => {
    const field = type.fields.get(record.number);
    const problem = problemOf(record, field, type);
    if (problem !== undefined) problems.push(problem);
    if (field && hasRightType(record, field)) put(fields, field, decodeValue(field.kind, record.payload));
  };
  try {
    readRecords(bytes, called, take);
  } catch (error) {
    if (!(error instanceof MalformedMessage)) throw error;
    problems.push(error.message);
  }
  return problems.length ? { fields, problem: problems.slice(0, maxProblems).join('; ') } : { fields };
}

function defaultsOf(type: MessageType): Record<string, FieldValue> {
  const fields: Record<string, FieldValue> = {};
  for (const { name, kind, hasPresence } of type.fields.values()) {
    if (!hasPresence) fields[name] = defaultOf(kind);
  }
  return fields;
}

function nameOf(type: MessageType, number: number): string {
  const field = type.fields.get(number);
  return field ? `field ${number} (${field.name})` : `field ${number}`;
}

function hasRightType(record: MessageRecord, { kind }: MessageField): boolean {
  return (wireTypeOf(kind) ?? record.type) === record.type;
}

function problemOf(
  record: MessageRecord,
  field: MessageField | undefined,
  type: MessageType,
): string | undefined {
  if (!field) return `has field ${record.number}, which ${type.name} has not`;
  const name = nameOf(type, record.number);
  if (!hasRightType(record, field)) {
    return `has ${name} as ${wireTypeName(record.type)}; ${field.kind} is ${wireTypeName(wireTypeOf(field.kind) ?? -1)}`;
  }
  // protobuf.dev, "Scalar Value Types".
  if (field.kind === 'string' && !isUtf8(record.payload)) {
    return `has ${name} that is not UTF-8; "A string must always contain UTF-8 encoded or 7-bit ASCII text"`;
  }
  return undefined;
}

function put(fields: Record<string, FieldValue>, { name, kind }: MessageField, value: FieldValue): void {
  const before = fields[name];
  fields[name] = kind === 'raw' && before ? `${before} ${value}` : value;
}
