import http2, { type ClientHttp2Session } from 'node:http2';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Manners } from './manners.ts';
import { http2Options } from './wire.ts';

/** One connection at a time to one address, made when needed and anew when it is gone. */
export interface Channel {
  /** The connection; when there is none to be had, tries again until the signal if `waits`, else rejects. */
  session(waits: boolean, signal: AbortSignal): Promise<ClientHttp2Session>;
  close(): void;
}

const retryMs = 50;

export function makeChannel(address: string, manners: Manners): Channel {
  let current: Promise<ClientHttp2Session> | undefined;
  let isFirst = true;

  function connected(): Promise<ClientHttp2Session> {
    if (!current) {
      if (!isFirst && !manners.reconnects) return Promise.reject(new Error('not connected'));
      isFirst = false;
      const opening = open(address, () => {
        if (current === opening) current = undefined;
      });
      current = opening;
    }
    return current;
  }

  return {
    async session(waits, signal) {
      for (;;) {
        try {
          return await connected();
        } catch (error) {
          if (!waits || signal.aborted) throw error;
          await sleep(retryMs, undefined, { signal });
        }
      }
    },
    close: () => void current?.then((session) => session.close()).catch(() => {}),
  };
}

function open(address: string, onGone: () => void): Promise<ClientHttp2Session> {
  return new Promise((resolve, reject) => {
    const session = http2.connect(`http://${address}`, http2Options);
    session.on('error', reject);
    session.on('goaway', onGone);
    session.on('close', () => {
      onGone();
      reject(new Error('the connection ended'));
    });
    session.on('connect', () => resolve(session));
  });
}
