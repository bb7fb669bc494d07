// The server as the harness starts it: it reports every call, and takes instructions.
import { readLines } from '../lines/read.ts';
import { writeLine } from '../lines/write.ts';
import { pickOne } from '../service/pick-one.ts';
import { signalled } from '../stop.ts';
import { instructed } from './instructed.ts';
import { Listeners } from './listeners.ts';
import { obeyer } from './obey.ts';
import { createServer } from './offer.ts';

/** Serves until standard input ends, or SIGINT or SIGTERM; gives the exit code. */
export async function serveHarness(host: string, port: number): Promise<number> {
  const told = signalled();
  const report = instructed(pickOne, (served) => writeLine({ served }));
  const listeners = new Listeners(host, () => createServer(report));
  try {
    writeLine({ listening: await listeners.open(port) });
  } catch (error) {
    console.error((error as Error).message);
    return 1;
  }
  await Promise.race([readLines(process.stdin, obeyer(listeners)), told]);
  await listeners.stop();
  return 0;
}
