/** The plain service, as a person would write it, and the types that it has without being told. */
import { create, type MessageInitShape, toBinary } from '@bufbuild/protobuf';
import {
  FieldDescriptorProto_Type,
  type FieldDescriptorProtoSchema,
  FileDescriptorSetSchema,
} from '@bufbuild/protobuf/wkt';
import { type Row, table } from '../../../contracts/manage/table.ts';
import { readTypes } from '../../messages/types.ts';
import { Code } from '../../model/status.ts';

export const pickOne = '/Manage/PickOne';

/** What the service says: a row, or a status that is not OK. */
export interface Answered {
  readonly code: Code;
  readonly message: string;
  readonly row?: Row;
}

/** The row of that name, compared exactly. */
export function lookUp(name: string): Answered {
  const row = table.find((each) => each.name === name);
  return row
    ? { code: Code.OK, message: '', row }
    : { code: Code.NOT_FOUND, message: 'expirement not found' };
}

function field(
  number: number,
  name: string,
  type: FieldDescriptorProto_Type,
): MessageInitShape<typeof FieldDescriptorProtoSchema> {
  return { number, name, type, label: 1 };
}

const { STRING, INT32 } = FieldDescriptorProto_Type;

/** proto/expirement.proto, by hand. */
const file = {
  name: 'expirement.proto',
  syntax: 'proto3',
  messageType: [
    {
      name: 'Expirement',
      field: [field(1, 'name', STRING), field(2, 'id', INT32), field(3, 'skill', STRING)],
    },
    { name: 'NameRequest', field: [field(1, 'name', STRING)] },
  ],
  service: [
    {
      name: 'Manage',
      method: [{ name: 'PickOne', inputType: '.NameRequest', outputType: '.Expirement' }],
    },
  ],
};

export const plainTypes = readTypes(
  toBinary(FileDescriptorSetSchema, create(FileDescriptorSetSchema, { file: [file] })),
);
