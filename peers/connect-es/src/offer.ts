// What a server offers: the service under test, and health and reflection, for
// which connect-es has no libraries yet:
// https://github.com/connectrpc/connect-es/issues/797 and 507.
import { createRegistry, toBinary } from '@bufbuild/protobuf';
import { FileDescriptorProtoSchema } from '@bufbuild/protobuf/wkt';
import { Code, ConnectError, type ConnectRouter, type MethodImpl } from '@connectrpc/connect';
import { file_expirement, Manage } from './gen/expirement_pb.js';
import {
  file_grpc_health_v1_health,
  Health,
  HealthCheckResponse_ServingStatus as Status,
} from './gen/grpc/health/v1/health_pb.js';
import {
  file_grpc_reflection_v1_reflection,
  ServerReflection,
  type ServerReflectionRequest,
} from './gen/grpc/reflection/v1/reflection_pb.js';

const files = [file_expirement, file_grpc_health_v1_health, file_grpc_reflection_v1_reflection];
const registry = createRegistry(...files);

/** Gives what adds the services to a router, Manage with this handler. */
export function offer(pickOne: MethodImpl<typeof Manage.method.pickOne>): (router: ConnectRouter) => void {
  return (router) =>
    router
      .service(Manage, { pickOne })
      .service(Health, { check: ({ service }) => ({ status: healthOf(service) }) })
      .service(ServerReflection, {
        async *serverReflectionInfo(requests) {
          for await (const request of requests)
            yield { originalRequest: request, messageResponse: answer(request) };
        },
      });
}

function healthOf(service: string): Status {
  if (service === '' || service === Manage.typeName) return Status.SERVING;
  throw new ConnectError(`unknown service ${service}`, Code.NotFound);
}

function answer({ messageRequest: { case: kind, value } }: ServerReflectionRequest) {
  if (kind === 'listServices') {
    const service = [Manage, Health, ServerReflection].map(({ typeName }) => ({ name: typeName }));
    return { case: 'listServicesResponse' as const, value: { service } };
  }
  const symbol = String(value);
  const file =
    kind === 'fileByFilename'
      ? files.find(({ proto }) => proto.name === symbol)
      : (registry.get(symbol) ?? registry.get(symbol.replace(/\.\w+$/, '')))?.file; // a method's is its service's
  if (file === undefined) {
    return {
      case: 'errorResponse' as const,
      value: { errorCode: Code.NotFound, errorMessage: `${symbol} not found` },
    };
  }
  const fileDescriptorProto = [toBinary(FileDescriptorProtoSchema, file.proto)];
  return { case: 'fileDescriptorResponse' as const, value: { fileDescriptorProto } };
}
