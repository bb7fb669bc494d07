import { handle } from './handler.ts';
import { encodeServedRecord } from './lines.ts';
import { type Listener, openListener } from './listener.ts';
import type { Instruction, Manners } from './manners.ts';
import type { Line, Part } from './part.ts';

/** The server's part: announces itself, serves, carries out instructions. */
export async function startServer(
  host: string,
  port: number,
  manners: Manners,
  say: (line: Line) => void,
  implementation: object,
): Promise<Part> {
  const listeners = new Map<number, Listener>();
  const inFlight = new Set<Promise<void>>();
  let turn: Promise<void> = Promise.resolve();

  async function open(port: number): Promise<number> {
    const listener = await openListener(host, port, manners, (stream, raw) => {
      const call = handle(stream, raw, manners, (record) => say(encodeServedRecord(record)));
      inFlight.add(call);
      call.finally(() => inFlight.delete(call));
    });
    listeners.set(listener.port, listener);
    return listener.port;
  }

  async function close(port: number): Promise<void> {
    const listener = listeners.get(port);
    if (!listener) throw new Error(`port ${port}: no listener`);
    listeners.delete(port);
    await listener.close();
  }

  async function carryOut({ listen, close: closing, flush }: Instruction): Promise<Line> {
    if (listen) return { listening: { port: await open(listen.port ?? 0), implementation } };
    if (closing) {
      await close(closing.port ?? 0);
      return { closed: { port: closing.port } };
    }
    if (flush) return { flushed: {} };
    throw new Error('unknown instruction');
  }

  async function answer(line: string): Promise<void> {
    try {
      const instruction = JSON.parse(line) as Instruction;
      const said = await manners.obeys(instruction, () => carryOut(instruction));
      if (said) say(said);
    } catch (error) {
      say({ refused: { reason: (error as Error).message } });
    }
  }

  const announced = await manners.listens(() => open(port));
  say({ listening: { port: announced, implementation } });
  return {
    take(line) {
      turn = turn.then(() => answer(line));
    },
    async finish() {
      const leaving = Array.from(listeners.values(), (listener) => listener.leave());
      await Promise.all([...leaving, ...inFlight]);
    },
  };
}
