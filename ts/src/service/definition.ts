// The service under test, loaded from the proto file when the program starts.
import { fileURLToPath } from 'node:url';
import type { MethodDefinition } from '@grpc/grpc-js';
import { loadSync, type Options, type PackageDefinition, type ServiceDefinition } from '@grpc/proto-loader';
import type { Expirement, NameRequest } from './messages.ts';

/** Messages look to the program as they are in the bytes, but for 64-bit integers, which a number would round. */
export const loaderOptions: Options = { longs: String };

/** Every definition of proto/expirement.proto. */
export const packageDefinition: PackageDefinition = loadSync(
  fileURLToPath(new URL('../../../proto/expirement.proto', import.meta.url)),
  loaderOptions,
);

/** The service Manage. */
export const manage = packageDefinition.Manage as ServiceDefinition & {
  readonly PickOne: MethodDefinition<NameRequest, Expirement>;
};
