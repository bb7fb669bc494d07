const sameMs = 400;
/** Programs are killed, what hangs is left to the guard, and the outputs are written: more it does not take. */
const stopMs = 15_000;

/**
 * A signal for the whole program: aborted by the first SIGINT, SIGTERM or SIGHUP,
 * which `tell` hears of.
 * Whatever hangs, the program ends 15 s later. The second signal ends it at once, and the guard ends what it had started. One
 * Ctrl-C can arrive several times (from the terminal and from npm), so what
 * follows within 400 ms is the same one.
 */
export function interruptSignal(tell: (sentence: string) => void): AbortSignal {
  const controller = new AbortController();
  let firstAt = 0;
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(name, () => {
      if (!controller.signal.aborted) {
        firstAt = performance.now();
        tell(`${name}: stopping; once more to stop at once`);
        controller.abort(name);
        setTimeout(() => {
          tell(`${name}: something hangs, and was left behind`);
          process.exit(1);
        }, stopMs).unref();
      } else if (performance.now() - firstAt > sameMs) process.exit(1);
    });
  }
  return controller.signal;
}
