// What the tests of the service share: a server in this process, and a call to it.
import { Client, type ClientUnaryCall, credentials, type Server, ServerCredentials } from '@grpc/grpc-js';
import { parseCall } from '../src/client/call.ts';
import { invoke } from '../src/client/invoke.ts';
import { fromEntries } from '../src/lines/metadata.ts';
import type { CallRecord, Metadatum } from '../src/lines/types.ts';
import { manage } from '../src/service/definition.ts';

interface Running extends Disposable {
  readonly address: string;
  /** Makes one call of PickOne; `members` are those of the message Call. */
  call(name: string, members?: object): Promise<CallRecord>;
}

/** Starts `server` on a port of the system's choice. */
export async function running(server: Server): Promise<Running> {
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) => {
      if (error === null) resolve(bound);
      else reject(error);
    });
  });
  const client = new Client(`127.0.0.1:${port}`, credentials.createInsecure());
  return {
    address: `127.0.0.1:${port}`,
    call: (name, members = {}) => {
      const call = { id: '1', method: '/Manage/PickOne', request: { name }, ...members };
      return invoke(client, parseCall(JSON.stringify(call)));
    },
    [Symbol.dispose]: () => {
      client.close();
      server.forceShutdown();
    },
  };
}

/** Entries of ASCII metadata. */
export function ascii(entries: Record<string, string>): Metadatum[] {
  return Object.entries(entries).map(([key, text]) => ({ key, text }));
}

interface Connected extends Disposable {
  /** Begins a call of PickOne and leaves it in flight; it emits 'metadata' when its headers are here. */
  begin(name: string, metadata: readonly Metadatum[]): ClientUnaryCall;
}

/** A client whose calls the test watches and cancels. */
export function connect(address: string): Connected {
  const client = new Client(address, credentials.createInsecure());
  const { path, requestSerialize, responseDeserialize } = manage.PickOne;
  return {
    begin: (name, metadata) =>
      client.makeUnaryRequest(
        path,
        requestSerialize,
        responseDeserialize,
        { name },
        fromEntries(metadata),
        () => {},
      ),
    [Symbol.dispose]: () => client.close(),
  };
}
