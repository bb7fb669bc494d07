import { appendFileSync } from 'node:fs';
import { readTypes, type Types } from '../../messages/types.ts';
import type { Behaviour } from './behaviour.ts';
import { makeClient } from './client/client.ts';
import { type Answer, decodeLine, type LineIn, type LineOut } from './lines.ts';
import { plainTypes } from './plain.ts';
import { makeServer } from './server/server.ts';

/** A peer, for the lines that it is given. */
export interface Peer {
  take(line: string): void;
  /** Takes nothing new; resolves when what is in flight has ended. */
  finish(): Promise<void>;
  /** Ends every listener and connection at once; resolves when all ports are free. */
  drop(): Promise<void>;
}

/** One loop, both roles. */
export function startPeer(
  behaviour: Behaviour,
  say: (line: LineOut) => void,
  keyLog: string | undefined,
): Peer {
  const inFlight = new Set<Promise<void>>();
  let types: Types = plainTypes;

  function follow(call: Promise<void>): void {
    inFlight.add(call);
    call.finally(() => inFlight.delete(call));
  }

  /** At once: what it opens crosses next. */
  function tellKey(line: Buffer): void {
    const told = behaviour.tellsKeys(line.toString());
    if (keyLog !== undefined && told !== undefined) appendFileSync(keyLog, told);
  }

  const server = makeServer(behaviour, (served) => say({ served }), follow, tellKey);
  const client = makeClient(behaviour, (ended) => say({ ended }), tellKey);

  async function carryOut({ id, ...line }: LineIn): Promise<Answer> {
    if (line.types) types = readTypes(Buffer.from(line.types.files ?? '', 'base64'));
    else if (line.script) server.keep(line.script);
    else if (line.listen) return { id, port: await server.listen(line.listen, types) };
    else if (line.close) await server.close(line.close.port ?? 0);
    else if (line.drain) await server.drain(line.drain.port ?? 0);
    else if (!line.flush) throw new Error('the instruction is unknown');
    return { id };
  }

  async function instruct(line: LineIn): Promise<void> {
    try {
      const answer = await behaviour.obeys(line, () => carryOut(line));
      if (answer) say({ answer });
    } catch (error) {
      say({ answer: { id: line.id, refused: (error as Error).message } });
    }
  }

  function call(line: LineIn): void {
    try {
      follow(client.call(line, types));
    } catch (error) {
      say({ ended: { id: line.id, unsupported: (error as Error).message } });
    }
  }

  return {
    take(text) {
      const line = decodeLine(text);
      if (!line) say({ answer: { id: '', refused: 'the line is no JSON object with an id' } });
      else if (line.call) call(line);
      else void instruct(line);
    },
    async finish() {
      await Promise.all([server.drainAll(), ...inFlight]);
      client.close();
    },
    async drop() {
      client.drop();
      await server.closeAll();
    },
  };
}
