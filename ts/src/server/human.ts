// The server as a person starts it: the plain service.
import { pickOne } from '../service/pick-one.ts';
import { signalled } from '../stop.ts';
import { listen } from './listener.ts';
import { createServer } from './offer.ts';

/** Serves until SIGINT or SIGTERM; gives the exit code. */
export async function serve(host: string, port: number): Promise<number> {
  const told = signalled();
  try {
    const listener = await listen(createServer(pickOne), host, port);
    console.error(`listening on ${host}:${listener.port}`);
    await told;
    await listener.stop();
    return 0;
  } catch (error) {
    console.error((error as Error).message);
    return 1;
  }
}
