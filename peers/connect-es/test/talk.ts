// A service with a method of each kind, as a descriptor set.
import { create, toBinary } from '@bufbuild/protobuf';
import {
  FieldDescriptorProto_Label,
  FieldDescriptorProto_Type,
  FileDescriptorSetSchema,
} from '@bufbuild/protobuf/wkt';

const types = { inputType: '.test.Text', outputType: '.test.Text' };

const set = create(FileDescriptorSetSchema, {
  file: [
    {
      name: 'talk.proto',
      package: 'test',
      syntax: 'proto3',
      messageType: [
        {
          name: 'Text',
          field: [
            {
              name: 'text',
              number: 1,
              label: FieldDescriptorProto_Label.OPTIONAL,
              type: FieldDescriptorProto_Type.STRING,
            },
          ],
        },
      ],
      service: [
        {
          name: 'Talk',
          method: [
            { name: 'Ask', ...types },
            { name: 'Upload', ...types, clientStreaming: true },
            { name: 'Download', ...types, serverStreaming: true },
            { name: 'Chat', ...types, clientStreaming: true, serverStreaming: true },
          ],
        },
      ],
    },
  ],
});

export const files = Buffer.from(toBinary(FileDescriptorSetSchema, set)).toString('base64');

/** A message with this text, serialized. */
export function text(text: string): string {
  const bytes = Buffer.from(text);
  const length: number[] = [];
  let rest = bytes.length;
  for (; rest > 0x7f; rest >>>= 7) length.push((rest & 0x7f) | 0x80);
  return Buffer.concat([Buffer.from([0x0a, ...length, rest]), bytes]).toString('base64');
}
