import net from 'node:net';
import type { ClientSession } from '../launch/launcher.ts';
import { afterSilence } from '../launch/patience.ts';
import type { Types } from '../messages/types.ts';
import type { Call } from '../model/call.ts';
import { listenOn } from './relay.ts';

const waitMs = 3_000;

/** Whether the client gets through to `host`: it makes a call there, which fails. */
export async function reaches(client: ClientSession, host: string, types: Types): Promise<boolean> {
  const { promise: isReached, resolve } = Promise.withResolvers<boolean>();
  const listener = net.createServer((socket) => {
    resolve(true);
    socket.destroy();
  });
  const port = await listenOn(listener, host, 0);
  // A program that is run once a call has to start first; its call ends by itself.
  const callOff = client.isUnknowing ? undefined : afterSilence(waitMs, () => resolve(false));
  const call = aCall(types, `${host}:${port}`);
  // What it does by itself will do as well.
  const trying = client.playCase ? client.playCase(client.aCase ?? '', [call]) : client.call(call);
  trying.catch(() => {}).then(() => resolve(false));
  try {
    return await isReached;
  } finally {
    callOff?.();
    listener.close();
  }
}

/** An empty message to the first method that takes one. */
function aCall({ methods }: Types, address: string): Call {
  const method = [...methods.values()].find(({ kind }) => kind === 'unary') ?? methods.values().next().value;
  return {
    id: 'reach',
    address,
    channel: 'reach',
    method: method?.path ?? '/none/none',
    metadata: [],
    steps: [{ send: { json: {}, bytes: '' } }],
  };
}
