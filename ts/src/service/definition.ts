// The service under test, loaded from the proto file when the program starts.
import { fileURLToPath } from 'node:url';
import { type ClientOptions, credentials, loadPackageDefinition, type MethodDefinition } from '@grpc/grpc-js';
import { loadSync, type PackageDefinition, type ServiceDefinition } from '@grpc/proto-loader';
import type { Expirement, ManageClient, NameRequest } from './messages.ts';

/** Every definition of proto/expirement.proto, for reflection. */
export const packageDefinition: PackageDefinition = loadSync(
  fileURLToPath(new URL('../../../proto/expirement.proto', import.meta.url)),
  // Without `defaults`, row 0 (Cyber) of another server has no id: a zero is absent from its bytes.
  { defaults: true },
);

/** The service Manage. */
export const manage = packageDefinition.Manage as ServiceDefinition & {
  readonly PickOne: MethodDefinition<NameRequest, Expirement>;
};

/** The client's channel options, beyond which the library's defaults hold. */
export const channelOptions: ClientOptions = {
  // Otherwise http_proxy is obeyed, even for 127.0.0.1.
  'grpc.enable_http_proxy': 0,
};

/** Makes the stub of Manage for a server at `address`, "127.0.0.1:6000". */
export function createManageClient(address: string): ManageClient {
  const { Manage } = loadPackageDefinition(packageDefinition) as unknown as {
    Manage: new (...args: ConstructorParameters<typeof import('@grpc/grpc-js').Client>) => ManageClient;
  };
  return new Manage(address, credentials.createInsecure(), channelOptions);
}
