/**
 * Many peers in one process, which starts once and is warm after the first of them: for runs with hundreds of
 * saboteurs. Speaks with whoever started it by messages; ends when nobody is left there.
 */
import process from 'node:process';
import { PassThrough } from 'node:stream';
import { readLines } from '../../session/lines.ts';
import { begin, type Life } from './life.ts';

/** What is done to the peer of that number. */
export interface Deed {
  readonly id: number;
  readonly start?: { readonly lie: string | undefined; readonly keyLog: string | undefined };
  /** Bytes for its standard input. */
  readonly input?: Uint8Array;
  readonly inputEnds?: true;
  readonly signal?: true;
  readonly kill?: true;
}

/** What it does. */
export interface Event {
  readonly id: number;
  readonly output?: string;
  /** It is gone: by itself, or killed. */
  readonly ended?: 'by itself' | 'killed';
}

interface Hosted {
  readonly life: Promise<Life>;
  readonly input: PassThrough;
}

const peers = new Map<number, Hosted>();

function tell(event: Event): void {
  process.send?.(event);
}

async function start(id: number, { lie, keyLog }: NonNullable<Deed['start']>): Promise<Life> {
  const life = await begin(
    { lie, keyLog },
    (output) => peers.has(id) && tell({ id, output }),
    () => void end(id, 'by itself'),
  );
  return life;
}

async function end(id: number, ended: NonNullable<Event['ended']>): Promise<void> {
  const hosted = peers.get(id);
  // What it says from now on is not heard any more.
  if (!hosted || !peers.delete(id)) return;
  await (await hosted.life).drop();
  tell({ id, ended });
}

async function take({ id, ...deed }: Deed): Promise<void> {
  if (deed.start) {
    const input = new PassThrough();
    const life = start(id, deed.start);
    peers.set(id, { life, input });
    const { take, inputEnded } = await life;
    readLines(input, Number.POSITIVE_INFINITY, { onLine: take, onTooLong() {} });
    input.on('end', inputEnded);
    return;
  }
  const hosted = peers.get(id);
  if (!hosted) return;
  if (deed.input) hosted.input.write(deed.input);
  if (deed.inputEnds) hosted.input.end();
  if (deed.signal) (await hosted.life).signalled();
  if (deed.kill) await end(id, 'killed');
}

process.on('message', (deed: Deed) => void take(deed));
process.on('disconnect', () => process.exit(0));
