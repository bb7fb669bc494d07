import net, { type AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import { openStrangers } from './odd-clients.ts';

it('leave it to the next caller to say that a server did not survive the first of them', async () => {
  const server = net.createServer((socket) => {
    server.close();
    socket.destroy();
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  await using strangers = await openStrangers(`127.0.0.1:${(server.address() as AddressInfo).port}`);
  expect(server.listening).toBe(false);
  expect(strangers.what).toContain('one who says nothing');
});
