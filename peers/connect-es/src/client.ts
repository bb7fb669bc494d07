// The client: makes the calls that lines tell, once or several times.
import type { DescMethod } from '@bufbuild/protobuf';
import type { Call } from './contract.ts';
import { Conversation } from './conversation.ts';
import { write } from './lines.ts';
import type { Methods } from './methods.ts';

/** Makes a call as often as it says; resolves when the `ended` lines are written. */
export async function makeCalls(id: string, call: Call, methods: Methods): Promise<void> {
  const { times = 1, atOnce = 1 } = call;
  const make = async (id: string) => write({ ended: await makeCall(id, call, methods) });
  if (times <= 1) return make(id);
  let begun = 0;
  const inTurn = async () => {
    while (begun < times) await make(`${id}.${begun++}`);
  };
  await Promise.all(Array.from({ length: atOnce || 1 }, inTurn));
}

/** Resolves with the Ended of proto/peer.proto. */
async function makeCall(id: string, call: Call, methods: Methods): Promise<object> {
  const { method: path = '', compression = '', waitForReady, steps = [] } = call;
  const types = methods.get(call.types || path);
  if (types === undefined) return { id, unsupported: `types of ${call.types || path}` };
  if (!['', 'gzip'].includes(compression)) return { id, unsupported: `compression "${compression}"` };
  if (waitForReady) return { id, unsupported: 'waitForReady' };
  if (!types.proto.clientStreaming && steps.every(({ send }) => send === undefined))
    return { id, unsupported: 'a method that takes one request, and no request' };
  return new Conversation(id, call, methodAt(path, types)).make();
}

/** The method of that path, with the kind and the types of another. */
function methodAt(path: string, types: DescMethod): DescMethod {
  const slash = path.lastIndexOf('/');
  return {
    ...types,
    parent: { ...types.parent, typeName: path.slice(1, slash) },
    name: path.slice(slash + 1),
  };
}
