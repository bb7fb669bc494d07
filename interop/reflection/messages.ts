/** The messages of `grpc.reflection.v1.ServerReflection`, as far as they are asked; those of v1alpha are the same bytes. */
import { BinaryReader, BinaryWriter, WireType } from '@bufbuild/protobuf/wire';

/** ServerReflectionRequest: `string file_by_filename = 3; string file_containing_symbol = 4; string list_services = 7;` */
export type Question = { readonly file: string } | { readonly symbol: string } | { readonly services: true };

/** ServerReflectionResponse, of which one member is set. */
export interface Told {
  /** `FileDescriptorResponse file_descriptor_response = 4;`: serialized FileDescriptorProtos. */
  readonly files: readonly Uint8Array[];
  /** `ListServiceResponse list_services_response = 6;`: full names. */
  readonly services: readonly string[];
  /** `ErrorResponse error_response = 7;`: in the server's words. */
  readonly problem?: string;
}

export function encodeQuestion(question: Question): Uint8Array {
  const [field, text] =
    'file' in question ? [3, question.file] : 'symbol' in question ? [4, question.symbol] : [7, '*'];
  return new BinaryWriter().tag(field, WireType.LengthDelimited).string(text).finish();
}

/** Throws an Error when it is no such message. */
export function decodeTold(bytes: Uint8Array): Told {
  const members = fieldsOf(bytes);
  const problem = members.get(7)?.[0];
  return {
    files: (members.get(4) ?? []).flatMap((each) => fieldsOf(each).get(1) ?? []),
    services: (members.get(6) ?? [])
      .flatMap((each) => fieldsOf(each).get(1) ?? [])
      .map((service) => textOf(fieldsOf(service).get(1)?.[0])),
    // `int32 error_code = 1; string error_message = 2;`
    ...(problem && { problem: textOf(fieldsOf(problem).get(2)?.[0]) || 'an error without a message' }),
  };
}

/** What has a length, by its number. */
function fieldsOf(bytes: Uint8Array): ReadonlyMap<number, readonly Uint8Array[]> {
  const found = new Map<number, Uint8Array[]>();
  const reader = new BinaryReader(bytes);
  while (reader.pos < reader.len) {
    const [number, wireType] = reader.tag();
    if (wireType === WireType.LengthDelimited)
      found.set(number, [...(found.get(number) ?? []), reader.bytes()]);
    else reader.skip(wireType, number);
  }
  return found;
}

function textOf(bytes: Uint8Array | undefined): string {
  return Buffer.from(bytes ?? []).toString();
}
