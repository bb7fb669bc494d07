import { serviceFile } from '../folders.ts';
import { Code } from '../model/status.ts';
import { pickOne } from '../scenarios/build.ts';
import { type Kind, loadMethods, type MessageType } from '../wire/protobuf/descriptor.ts';
import { type Answer, answerText, type Caller, dial } from './caller.ts';
import type { Check } from './check.ts';
import {
  decodeFileDescriptor,
  decodeReflectionResponse,
  encodeReflectionRequest,
  type FileDescriptor,
  type ReflectionRequest,
  type ReflectionResponse,
} from './reflection-messages.ts';
import { attendServer } from './server-program.ts';
import type { Ward } from './ward.ts';

/** Reflection lists the service, and its description says what proto/expirement.proto says. */
export function reflectionCheck(ward: Ward, needs: readonly Check[]): Check {
  return {
    name: 'server offers reflection of proto/',
    section: ward.section,
    needs,
    hint: "serve grpc.reflection.v1 with the library's own service for it, or one of yours where it has none, over what is generated from proto/expirement.proto",
    async run(signal) {
      await using server = await attendServer(ward, signal);
      await using caller = await dial(server.address, ward.limits.callMs, signal);
      try {
        return await reflected(caller);
      } catch (error) {
        signal.throwIfAborted();
        throw server.fault((error as Error).message);
      }
    },
  };
}

/** The version that answered. Rejects with a clause that says what is wrong. */
async function reflected(caller: Caller): Promise<string> {
  const { version, said } = await firstAnswer(caller, { list_services: '*' });
  const services = (said.list_services_response?.service ?? []).map(({ name }) => name);
  if (!services.includes('Manage'))
    throw new Error(`lists ${services.join(', ') || 'no service'} by reflection: wanted Manage among them`);
  const answer = await ask(caller, version, { file_containing_symbol: 'Manage' });
  const files = responseOf(answer).file_descriptor_response?.file_descriptor_proto ?? [];
  if (files.length === 0) throw new Error('describes Manage by reflection with no file');
  compare(files.map(decodeFileDescriptor));
  return version;
}

const versions = ['grpc.reflection.v1', 'grpc.reflection.v1alpha'];

async function firstAnswer(
  caller: Caller,
  request: ReflectionRequest,
): Promise<{ readonly version: string; readonly said: ReflectionResponse }> {
  const told: string[] = [];
  for (const version of versions) {
    const answer = await ask(caller, version, request);
    if (answer.code !== Code.UNIMPLEMENTED) return { version, said: responseOf(answer) };
    told.push(`${version}: ${answerText(answer)}`);
  }
  throw new Error(`offers no reflection: ${told.join('; ')}`);
}

/** A stream of requests and answers, of which one each is wanted. */
function ask(caller: Caller, version: string, request: ReflectionRequest): Promise<Answer> {
  return caller
    .begin(`/${version}.ServerReflection/ServerReflectionInfo`)
    .finish(encodeReflectionRequest(request));
}

function responseOf(answer: Answer): ReflectionResponse {
  if (answer.code !== Code.OK || !answer.reply)
    throw new Error(`answers reflection with ${answerText(answer)}: wanted OK and a message`);
  const response = decodeReflectionResponse(answer.reply);
  const problem = response.error_response?.error_message;
  if (problem !== undefined) throw new Error(`answers reflection with an error: ${problem}`);
  return response;
}

/** Throws what the description says otherwise than proto/expirement.proto. */
function compare(files: readonly FileDescriptor[]): void {
  const methods = files.flatMap(({ service }) => service.find(({ name }) => name === 'Manage')?.method ?? []);
  const method = methods.find(({ name }) => name === 'PickOne');
  if (!method) throw new Error('describes no method Manage.PickOne by reflection');
  const wanted = loadMethods(serviceFile).find(pickOne);
  if (!wanted) throw new Error('serves what proto/expirement.proto does not describe');
  compareMessage(files, method.input_type, wanted.request);
  compareMessage(files, method.output_type, wanted.response);
}

function compareMessage(files: readonly FileDescriptor[], name: string, wanted: MessageType): void {
  const found = files
    .flatMap((file) =>
      file.message_type.map((type) => ({
        ...type,
        full: `.${file.package && `${file.package}.`}${type.name}`,
      })),
    )
    .find(({ full }) => full === name);
  if (!found || name !== `.${wanted.name}`)
    throw new Error(`describes ${name.slice(1)} by reflection where proto/ has ${wanted.name}`);
  const said = found.field.map(({ name, number, type }) => `${kinds[type] ?? 'raw'} ${name} = ${number}`);
  const should = [...wanted.fields.values()].map(({ name, number, kind }) => `${kind} ${name} = ${number}`);
  const [got, want] = [said, should].map((fields) => fields.toSorted().join('; '));
  if (got !== want)
    throw new Error(`describes ${wanted.name} by reflection as { ${got} } where proto/ has { ${want} }`);
}

/** `FieldDescriptorProto.Type` of the scalars. */
const kinds: Readonly<Record<number, Kind>> = {
  1: 'double',
  2: 'float',
  3: 'int64',
  4: 'uint64',
  5: 'int32',
  6: 'fixed64',
  7: 'fixed32',
  8: 'bool',
  9: 'string',
  12: 'bytes',
  13: 'uint32',
  15: 'sfixed32',
  16: 'sfixed64',
  17: 'sint32',
  18: 'sint64',
};
