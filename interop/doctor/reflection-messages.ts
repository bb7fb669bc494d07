/** The messages of grpc.reflection.v1 and of descriptor.proto, as far as they are needed. */
import { parse } from 'protobufjs';

const { root } = parse(
  `syntax = "proto3";

  message ServerReflectionRequest {
    string file_containing_symbol = 4;
    string list_services = 7;
  }
  message ServerReflectionResponse {
    FileDescriptorResponse file_descriptor_response = 4;
    ListServiceResponse list_services_response = 6;
    ErrorResponse error_response = 7;
  }
  message FileDescriptorResponse { repeated bytes file_descriptor_proto = 1; }
  message ListServiceResponse { repeated ServiceResponse service = 1; }
  message ServiceResponse { string name = 1; }
  message ErrorResponse { int32 error_code = 1; string error_message = 2; }

  message FileDescriptorProto {
    string name = 1;
    string package = 2;
    repeated DescriptorProto message_type = 4;
    repeated ServiceDescriptorProto service = 6;
  }
  message DescriptorProto { string name = 1; repeated FieldDescriptorProto field = 2; }
  message FieldDescriptorProto { string name = 1; int32 number = 3; int32 type = 5; }
  message ServiceDescriptorProto { string name = 1; repeated MethodDescriptorProto method = 2; }
  message MethodDescriptorProto { string name = 1; string input_type = 2; string output_type = 3; }`,
  { keepCase: true },
);

export interface ReflectionRequest {
  readonly file_containing_symbol?: string;
  readonly list_services?: string;
}

export interface ReflectionResponse {
  readonly file_descriptor_response?: { readonly file_descriptor_proto: readonly Uint8Array[] };
  readonly list_services_response?: { readonly service: readonly { readonly name: string }[] };
  readonly error_response?: { readonly error_message: string };
}

export interface FileDescriptor {
  readonly name: string;
  readonly package: string;
  readonly message_type: readonly {
    readonly name: string;
    readonly field: readonly { readonly name: string; readonly number: number; readonly type: number }[];
  }[];
  readonly service: readonly {
    readonly name: string;
    readonly method: readonly {
      readonly name: string;
      readonly input_type: string;
      readonly output_type: string;
    }[];
  }[];
}

export function encodeReflectionRequest(request: ReflectionRequest): Buffer {
  const type = root.lookupType('ServerReflectionRequest');
  return Buffer.from(type.encode(type.create(request)).finish());
}

/** Throws when the bytes are no such message. */
export function decodeReflectionResponse(bytes: Uint8Array): ReflectionResponse {
  return decode('ServerReflectionResponse', bytes) as ReflectionResponse;
}

export function decodeFileDescriptor(bytes: Uint8Array): FileDescriptor {
  return decode('FileDescriptorProto', bytes) as unknown as FileDescriptor;
}

function decode(name: string, bytes: Uint8Array): object {
  const type = root.lookupType(name);
  return type.toObject(type.decode(bytes), { arrays: true, defaults: true, oneofs: false });
}
