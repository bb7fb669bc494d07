// What a server offers: the service under test, and health and reflection, for
// which connect-es has no libraries yet:
// https://github.com/connectrpc/connect-es/issues/797 and 507.
import { createRegistry, toBinary } from '@bufbuild/protobuf';
import { FileDescriptorProtoSchema } from '@bufbuild/protobuf/wkt';
import { Code, ConnectError, type ConnectRouter } from '@connectrpc/connect';
import { Manage } from './gen/expirement_pb.js';
import { Health, HealthCheckResponse_ServingStatus as Status } from './gen/grpc/health/v1/health_pb.js';
import { ServerReflection, type ServerReflectionRequest } from './gen/grpc/reflection/v1/reflection_pb.js';
import { pickOne } from './manage.ts';

const services = [Manage, Health, ServerReflection];
const registry = createRegistry(...services.map(({ file }) => file));

export function offer(router: ConnectRouter): void {
  router.service(Manage, { pickOne });
  router.service(Health, {
    check({ service }) {
      if (service === '' || service === Manage.typeName) return { status: Status.SERVING };
      throw new ConnectError(`unknown service ${service}`, Code.NotFound);
    },
  });
  router.service(ServerReflection, {
    async *serverReflectionInfo(requests) {
      for await (const request of requests)
        yield { originalRequest: request, messageResponse: describe(request) };
    },
  });
}

/** Names the services, and gives the file of a service or message. Nobody asks for more: the files import none. */
function describe({ messageRequest: { case: kind, value } }: ServerReflectionRequest) {
  if (kind === 'listServices') {
    const service = services.map(({ typeName }) => ({ name: typeName }));
    return { case: 'listServicesResponse' as const, value: { service } };
  }
  const file = kind === 'fileContainingSymbol' && registry.get(value)?.file;
  if (!file) {
    const value = { errorCode: Code.NotFound, errorMessage: 'not found' };
    return { case: 'errorResponse' as const, value };
  }
  const fileDescriptorProto = [toBinary(FileDescriptorProtoSchema, file.proto)];
  return { case: 'fileDescriptorResponse' as const, value: { fileDescriptorProto } };
}
