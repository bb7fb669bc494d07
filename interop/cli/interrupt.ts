const sameMs = 400;

/**
 * A signal for the whole program: aborted by the first SIGINT, SIGTERM or SIGHUP.
 * The second ends the program at once, and the guard ends what it had started. One
 * Ctrl-C can arrive several times (from the terminal and from npm), so what
 * follows within 400 ms is the same one.
 */
export function interruptSignal(): AbortSignal {
  const controller = new AbortController();
  let firstAt = 0;
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(name, () => {
      if (!controller.signal.aborted) {
        firstAt = performance.now();
        process.stderr.write(`\n${name}: stopping; once more to stop at once\n`);
        controller.abort(name);
      } else if (performance.now() - firstAt > sameMs) process.exit(1);
    });
  }
  return controller.signal;
}
