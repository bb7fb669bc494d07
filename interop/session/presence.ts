/** Whether a server that knows nothing of the harness is still there. */
import type { Running } from '../launch/launcher.ts';
import { silenceOf } from '../launch/patience.ts';
import type { ClientPem } from '../model/tls.ts';
import { speaksHttp2 } from './readiness.ts';

/** For a server that is busy, and for a program whose connections end a little before it does. */
const presenceMs = 1_000;

/**
 * Resolves when it still speaks HTTP/2 at the address. Rejects with its fault when it does not: that it has ended,
 * if it has, and otherwise that nothing is to be had there any more.
 */
export async function stillSpeaks(
  address: string,
  running: Pick<Running, 'fault' | 'faulted' | 'fail'>,
  tls?: ClientPem,
): Promise<void> {
  using silence = silenceOf(presenceMs);
  const isThere = speaksHttp2(address, silence.signal, { tls }).then(
    () => true,
    () => false,
  );
  const isOver = running.faulted.then(() => false);
  if (await Promise.race([isOver, isThere])) return;
  throw running.fault ?? running.fail(`does not speak HTTP/2 at ${address} any more`);
}
