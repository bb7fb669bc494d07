import http2, { type ClientHttp2Session } from 'node:http2';
import net from 'node:net';
import type { Duplex } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Behaviour, TellKey } from '../behaviour.ts';
import { rewriting } from '../http2/rewriter.ts';
import type { ChannelSpec } from '../lines.ts';
import { encrypt } from './encrypt.ts';

/** One connection at a time to one address, made when needed and anew when it is gone. */
export interface Channel {
  /** Bytes of the largest message that is taken. */
  readonly limitBytes: number;
  /** The connection; when there is none to be had, tries again until the signal if `waits`, else rejects. */
  session(waits: boolean, signal: AbortSignal): Promise<ClientHttp2Session>;
  close(): void;
  /** Ends the connection at once. */
  drop(): void;
}

const retryMs = 50;

export function makeChannel(spec: ChannelSpec, behaviour: Behaviour, tellKey: TellKey): Channel {
  let current: Promise<ClientHttp2Session> | undefined;
  let isFirst = true;

  function connected(): Promise<ClientHttp2Session> {
    if (!current) {
      if (!isFirst && !behaviour.reconnects) return Promise.reject(new Error('not connected'));
      isFirst = false;
      const opening = open(spec, behaviour, tellKey, () => {
        if (current === opening) current = undefined;
      });
      current = opening;
    }
    return current;
  }

  return {
    limitBytes: spec.maxReceiveBytes || behaviour.limitBytes,
    async session(waits, signal) {
      for (;;) {
        try {
          const session = await connected();
          if (!session.closed) return session;
          current = undefined;
        } catch (error) {
          if (!waits || signal.aborted) throw error;
          await sleep(retryMs, undefined, { signal });
        }
      }
    },
    close: () => void current?.then((session) => session.close()).catch(() => {}),
    drop: () => void current?.then((session) => session.destroy()).catch(() => {}),
  };
}

async function open(
  { address = '', tls }: ChannelSpec,
  behaviour: Behaviour,
  tellKey: TellKey,
  onGone: () => void,
): Promise<ClientHttp2Session> {
  try {
    const url = new URL(`${tls ? 'https' : 'http'}://${address}`);
    const tcp = await connect(url);
    const socket = tls ? await encrypt(tcp, url.hostname, tls, behaviour, tellKey) : tcp;
    const session = startSession(url, tcp, socket, behaviour);
    session.on('error', () => {});
    session.on('goaway', onGone);
    session.on('close', onGone);
    await isReady(session);
    behaviour.opens(session);
    return session;
  } catch (error) {
    onGone();
    throw error;
  }
}

/** The server has shown that it speaks HTTP/2. */
function isReady(session: ClientHttp2Session): Promise<void> {
  return new Promise((resolve, reject) => {
    session.once('remoteSettings', () => resolve());
    session.once('error', reject);
    session.once('close', () => reject(new Error('the connection ended')));
  });
}

function connect({ hostname, port }: URL): Promise<net.Socket> {
  return new Promise((resolve, reject) => {
    const socket = net.connect({ host: hostname, port: Number(port), noDelay: true });
    socket.once('error', reject);
    socket.once('connect', () => {
      socket.off('error', reject);
      resolve(socket);
    });
  });
}

function startSession(url: URL, tcp: net.Socket, socket: Duplex, behaviour: Behaviour): ClientHttp2Session {
  const rewrite = behaviour.rewrites();
  return http2.connect(url, {
    ...behaviour.http2,
    // Nobody pushes in gRPC, and its clients say so.
    settings: { ...behaviour.http2.settings, enablePush: false },
    createConnection: () => (rewrite ? rewriting(socket, tcp, 'client', rewrite) : socket),
  });
}
