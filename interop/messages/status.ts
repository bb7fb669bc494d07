/** `google.rpc.Status`, which carries the details of a status: `int32 code = 1; string message = 2; repeated google.protobuf.Any details = 3;` */
import { fromBinary, type Registry, toBinary } from '@bufbuild/protobuf';
import { BinaryReader, BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import { AnySchema } from '@bufbuild/protobuf/wkt';
import type { Json } from '../model/message.ts';
import { anyOf } from './any.ts';
import { plainOf } from './plain.ts';

/** The details that it carries, each an Any in ProtoJSON. What cannot be read is one text that says so; never throws. */
export function detailsOf(bytes: Uint8Array, registry: Registry): readonly Json[] {
  const details: Json[] = [];
  try {
    const reader = new BinaryReader(bytes);
    while (reader.pos < reader.len) {
      const [field, wireType] = reader.tag();
      if (field === 3 && wireType === WireType.LengthDelimited)
        details.push(plainOf(AnySchema, fromBinary(AnySchema, reader.bytes()), registry));
      else reader.skip(wireType, field);
    }
    return details;
  } catch (error) {
    return [`is no google.rpc.Status: ${(error as Error).message}`];
  }
}

/** One with these details, serialized, in base64. Throws as fromJson does. */
export function statusWith(
  code: number,
  message: string,
  details: readonly Json[],
  registry: Registry,
): string {
  const writer = new BinaryWriter();
  if (code !== 0) writer.tag(1, WireType.Varint).int32(code);
  if (message !== '') writer.tag(2, WireType.LengthDelimited).string(message);
  for (const detail of details) {
    writer.tag(3, WireType.LengthDelimited).bytes(toBinary(AnySchema, anyOf(detail, registry)));
  }
  return Buffer.from(writer.finish()).toString('base64');
}
