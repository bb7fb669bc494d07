/** Clients at a port with TLS that mean something else. */
import net, { type Socket } from 'node:net';
import { preface } from '../dial/probe.ts';
import { hostAndPort } from '../model/address.ts';

/** The beginning of a ClientHello of 512 bytes, of which no more comes (RFC 8446, section 4.1.2). */
const halfHello = Buffer.concat([
  Buffer.from('1603010200010001fc0303', 'hex'),
  Buffer.alloc(32, 0x5a),
  Buffer.from([32]),
]);

/** By what it is, what each sends. */
const strangers: Readonly<Record<string, Buffer | string>> = {
  'one who says nothing': '',
  'half a ClientHello': halfHello,
  garbage: Buffer.alloc(200, 0xa5),
  'HTTP/1.1 in the open': 'GET / HTTP/1.1\r\nhost: stitch.test\r\n\r\n',
  'HTTP/2 in the open': preface,
};

export interface Strangers extends AsyncDisposable {
  readonly what: string;
}

/** Connects all of them, several times each, and one that resets its connection; they stay as long as they may. Whether the server survives them is for its next caller to say. */
export async function openStrangers(address: string): Promise<Strangers> {
  const open: Socket[] = [];
  for (const sent of Object.values(strangers).flatMap((each) => [each, each, each]))
    open.push(await connect(address, sent));
  const rude = await connect(address, halfHello);
  rude.resetAndDestroy();
  return {
    what: [...Object.keys(strangers), 'a connection that was reset'].join(', '),
    async [Symbol.asyncDispose]() {
      for (const socket of open) socket.destroy();
    },
  };
}

function connect(address: string, sent: Buffer | string): Promise<Socket> {
  return new Promise((resolve) => {
    const socket = net.connect(hostAndPort(address), () => {
      if (sent.length > 0) socket.write(sent);
      resolve(socket);
    });
    socket.on('error', () => resolve(socket));
    socket.resume();
  });
}
