import type { Running } from '../launch/launcher.ts';
import { PeerError } from '../launch/peer-error.ts';

/** Hangs in a row after which a peer is not tried again. */
const hangsAllowed = 3;

/** The place of one running server or client: filled when needed, and anew when what is in it broke. */
export interface Slot<T extends Running> {
  /** What is running; starts it, or replaces what broke. Rejects with the PeerError of the start, from then on always. */
  use(): Promise<T>;
  /** Takes what is running out of service, blamed for nothing. */
  discard(): void;
  /** A cell was played to its end: what went before does not count as hangs in a row. */
  praise(): void;
  /** A cell has told of this fault. */
  reported(fault: PeerError): void;
  /** Ends what is running. Resolves to what went wrong that no cell has told. */
  stop(): Promise<readonly string[]>;
  /** Ends what is running at once, whatever it is doing. */
  abandon(): Promise<void>;
}

export function makeSlot<T extends Running>(start: () => Promise<T>): Slot<T> {
  const told = new Set<PeerError>();
  const untold: string[] = [];
  const leaving: Promise<unknown>[] = [];
  let current: Promise<T> | undefined;
  let running: T | undefined;
  let isDiscarded = false;
  let hangs = 0;

  function leave(instance: T): void {
    const { fault } = instance;
    if (fault?.isHang) hangs += 1;
    if (fault && !told.has(fault)) untold.push(fault.message);
    leaving.push(instance.stop());
  }

  async function replace(instance: T): Promise<T> {
    leave(instance);
    if (hangs >= hangsAllowed && instance.fault) throw givenUp(instance.fault);
    try {
      return await fill();
    } catch (error) {
      throw gone(instance.fault, error);
    }
  }

  async function fill(): Promise<T> {
    isDiscarded = false;
    running = await start();
    return running;
  }

  return {
    use() {
      const instance = running;
      if (!current) current = fill();
      else if (instance && (instance.fault || isDiscarded)) {
        running = undefined;
        current = replace(instance);
      }
      return current;
    },
    discard() {
      isDiscarded = true;
    },
    praise() {
      hangs = 0;
    },
    reported: (fault) => void told.add(fault),
    async stop() {
      await current?.catch(() => {});
      const last = running;
      running = undefined;
      if (last && (last.fault || isDiscarded)) leave(last);
      else if (last) {
        const problem = await last.stop();
        if (problem) untold.push(problem);
      }
      await Promise.all(leaving);
      return untold;
    },
    async abandon() {
      await current?.catch(() => {});
      running?.fail('was ended with the run');
      await Promise.all([running?.stop(), ...leaving]);
    },
  };
}

/** What broke could not be replaced: from then on there is one story to tell, and it begins with that. */
function gone(fault: PeerError | undefined, error: unknown): unknown {
  if (!fault || !(error instanceof PeerError)) return error;
  const { failure } = fault;
  const what = `${failure.what}, and did not come back: ${error.failure.what}`;
  const stderr = [failure.stderr, error.failure.stderr].filter(Boolean).join('\n');
  return new PeerError({ ...failure, what, stderr });
}

function givenUp(fault: PeerError): PeerError {
  const { peer, role } = fault.failure;
  return new PeerError({
    peer,
    ...(role && { role }),
    stage: 'call',
    what: `was silent in ${hangsAllowed} cells in a row and was not tried again`,
    hint: `run it alone with: npm run interop -- ${role === 'client' ? 'client' : 'server'}:${peer}`,
  });
}
