import net from 'node:net';
import type { ClientSession } from '../launch/launcher.ts';
import { listenOn } from './relay.ts';

const waitMs = 3_000;

/** Whether the client gets through to `host`: it makes a call there, which fails. */
export async function reaches(client: ClientSession, host: string): Promise<boolean> {
  const { promise: isReached, resolve } = Promise.withResolvers<boolean>();
  const listener = net.createServer((socket) => {
    resolve(true);
    socket.destroy();
  });
  const port = await listenOn(listener, host, 0);
  // A program that is run once a call has to start first; its call ends by itself.
  const timer = client.isUnknowing ? undefined : setTimeout(resolve, waitMs, false);
  const address = `${host}:${port}`;
  const call = { id: 'reach', address, channel: 'reach', method: '/Manage/PickOne', name: '', metadata: [] };
  client
    .call(call)
    .catch(() => {})
    .then(() => resolve(false));
  try {
    return await isReached;
  } finally {
    clearTimeout(timer);
    listener.close();
  }
}
