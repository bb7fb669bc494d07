import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import type { Role } from '../../../model/peer.ts';
import { encodeHttp2, type Http2Frame, makeCutter } from './http2-frame.ts';

/** The connection below the frames. */
export interface Wire {
  send(bytes: Buffer | string): void;
  /** FIN: nothing more is sent. */
  end(): void;
  /** RST of TCP. */
  reset(): void;
  /** To be done when the other side has ended its way; what is sent then is the last that is. */
  atEnd(act: () => void): void;
  /** There is more to be sent until this resolves: the connection does not end before. */
  waitFor(sending: Promise<unknown>): void;
}

/** What goes to the wire in place of a frame that leaves. One is made for each connection, and may remember. */
export type Rewrite = (frame: Http2Frame, wire: Wire) => readonly Buffer[];

/** Stands between an honest HTTP/2 endpoint and its socket (`tcp`, or what encrypts that), and has every frame that leaves rewritten. */
export function rewriting(socket: Duplex, tcp: Socket, role: Role, rewrite: Rewrite): Duplex {
  const cut = makeCutter(role === 'client');
  const lastActs: (() => void)[] = [];
  let sent: Promise<unknown> = Promise.resolve();
  const wire: Wire = {
    send: (bytes) => void (socket.writable && socket.write(bytes)),
    end: () => void socket.end(),
    reset: () => void tcp.resetAndDestroy(),
    atEnd: (act) => void lastActs.push(act),
    waitFor(sending) {
      sent = Promise.all([sent, sending]);
    },
  };
  const duplex = new Duplex({
    read: () => void socket.resume(),
    write(bytes: Buffer, _encoding, done) {
      for (const frame of cut(bytes)) for (const part of rewrite(frame, wire)) wire.send(part);
      done();
    },
    final: (done) => void sent.then(() => socket.end(done)),
    destroy(error, done) {
      socket.destroy();
      done(error);
    },
  });
  socket.on('data', (bytes) => {
    if (!duplex.push(bytes)) socket.pause();
  });
  socket.on('end', () => {
    for (const act of lastActs) act();
    duplex.push(null);
  });
  socket.on('close', () => duplex.destroy());
  socket.on('error', (error) => duplex.destroy(error));
  return duplex;
}

/** The frame as it is. */
export function asIs(frame: Http2Frame): readonly Buffer[] {
  return [encodeHttp2(frame)];
}
