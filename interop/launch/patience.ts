/**
 * How long somebody else's silence is borne. A limit is meant for a machine that has a core for whoever has
 * something to do. Where programs wait for one, none of them is silent of its own will: the limit is over at a
 * moment at which nobody waits, or after eight times as long.
 */
import { readFileSync } from 'node:fs';
import { availableParallelism, loadavg } from 'node:os';

const most = 8;

/** A silence that is waited out. */
interface Silence {
  /** `quietMs` tells for how long there has been silence, if it did not begin with the wait. */
  readonly quietMs?: () => number;
  /** Whether programs wait for a core. */
  readonly isCrowded?: () => boolean;
}

/** Calls back when so many ms of silence are over. Returns what calls it off. */
export function afterSilence(
  ms: number,
  isOver: () => void,
  { quietMs = () => Infinity, isCrowded = programsWait }: Silence = {},
): () => void {
  let left = 2 * (most - 1);
  const expire = () => {
    const quiet = quietMs();
    if (quiet < ms) timer = setTimeout(expire, ms - quiet);
    else if (left-- > 0 && isCrowded()) timer = setTimeout(expire, ms / 2);
    else isOver();
  };
  let timer = setTimeout(expire, ms);
  return () => clearTimeout(timer);
}

/** Stops when so many ms are over; let go of by `using`. */
export function silenceOf(ms: number): { readonly signal: AbortSignal } & Disposable {
  const over = new AbortController();
  const callOff = afterSilence(ms, () => over.abort(new DOMException(`silent for ${ms} ms`, 'TimeoutError')));
  return { signal: over.signal, [Symbol.dispose]: callOff };
}

/**
 * Whether more programs have something to do than there are cores, this one among them. Linux: "The first of these
 * is the number of currently runnable kernel scheduling entities" (proc_loadavg(5), the fourth field). Elsewhere by
 * the mean of the last minute.
 */
function programsWait(): boolean {
  return (runnable() ?? loadavg()[0] ?? 0) > availableParallelism();
}

function runnable(): number | undefined {
  try {
    const [, count] = /^\S+ \S+ \S+ (\d+)\//.exec(readFileSync('/proc/loadavg', 'latin1')) ?? [];
    return count === undefined ? undefined : Number(count);
  } catch {
    return undefined;
  }
}
