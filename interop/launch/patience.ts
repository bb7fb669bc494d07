/**
 * How long somebody else's silence is borne. A limit is meant for a machine that has a core for whoever has
 * something to do: what a program spent waiting for one does not count, up to four times the limit. Where nobody
 * knows what it spent (in a container, or on another system than Linux), a limit is over at a moment at which no
 * program of the machine waits, or after three times as long.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { availableParallelism, loadavg } from 'node:os';

const mostKnown = 4;
const mostUnknown = 2;
/** Less is lost to every program. */
const littleMs = 20;

/** A silence that is waited out. */
export interface Silence {
  /** For how long there has been silence, if it did not begin with the wait. */
  readonly quietMs?: () => number;
  /** For how long those who are to speak have waited for a core, since some moment; undefined: nobody knows. */
  readonly waitedMs?: () => number | undefined;
  /** Whether programs of the machine wait for a core. */
  readonly isCrowded?: () => boolean;
}

/** Calls back when so many ms of silence are over. Returns what calls it off. */
export function afterSilence(
  ms: number,
  isOver: () => void,
  { quietMs = () => Infinity, waitedMs = () => undefined, isCrowded = programsWait }: Silence = {},
): () => void {
  let before: number | undefined;
  let left = ms;
  const again = (inMs: number) => {
    timer = setTimeout(expire, inMs);
  };
  // Most waits are over long before: only of the others' second half it is asked what was waited for.
  const halfway = () => {
    before = waitedMs();
    left = ms * (before === undefined ? mostUnknown : mostKnown);
    again(ms / 2);
  };
  const expire = () => {
    const quiet = quietMs();
    if (quiet < ms) return again(ms - quiet);
    const now = waitedMs();
    const lostMs = now === undefined || before === undefined ? crowdMs() : now - before;
    before = now;
    const moreMs = Math.min(lostMs, ms, left);
    left -= moreMs;
    if (moreMs < littleMs) isOver();
    else again(moreMs);
  };
  const crowdMs = () => (isCrowded() ? ms / 2 : 0);
  let timer = setTimeout(halfway, ms / 2);
  return () => clearTimeout(timer);
}

/** Stops when so many ms are over; let go of by `using`. */
export function silenceOf(ms: number): { readonly signal: AbortSignal } & Disposable {
  const over = new AbortController();
  const callOff = afterSilence(ms, () => over.abort(new DOMException(`silent for ${ms} ms`, 'TimeoutError')));
  return { signal: over.signal, [Symbol.dispose]: callOff };
}

/**
 * For how many ms the threads of a process, and that of ours which is to hear it, have waited for a core so far;
 * undefined: it is gone, or the system does not tell.
 * Linux: "time spent waiting on a runqueue (in nanoseconds)" (Documentation/scheduler/sched-stats.rst, /proc/<pid>/schedstat).
 */
export function waitedForCoreMs(pid: number): number | undefined {
  const folder = `/proc/${pid}/task`;
  try {
    const threads = readdirSync(folder).map((thread) => `${folder}/${thread}`);
    // Lines are read by the main thread.
    return [...threads, '/proc/self'].map(waitOf).reduce((sum, wait) => sum + wait, 0) / 1e6;
  } catch {
    return undefined;
  }
}

/** In nanoseconds. */
function waitOf(folder: string): number {
  return Number(readFileSync(`${folder}/schedstat`, 'latin1').split(' ')[1]);
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
