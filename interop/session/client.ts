import { type ClientSession, type Limits, SilentCall } from '../launch/launcher.ts';
import type { Program } from '../launch/program.ts';
import type { Types } from '../messages/types.ts';
import { hostAndPort } from '../model/address.ts';
import type { Call, CallRecord } from '../model/call.ts';
import type { Peer } from '../model/peer.ts';
import type { ClientPem, Identities } from '../model/tls.ts';
import { encodeCall } from './codec.ts';
import { patienceMs } from './patience.ts';
import { openPeer } from './peer.ts';

/** A call on its way: the records that are there, by their place in the row. */
interface InFlight {
  /** Whose types it has. */
  readonly path: string;
  readonly records: CallRecord[];
  left: number;
  /** One more has ended. */
  heard(): void;
}

/**
 * Speaks with a started client program. Resolves when it is ready for calls;
 * rejects with a PeerError, the program ended, when it does not get that far.
 */
export async function openClient(
  peer: Peer,
  program: Program,
  limits: Limits,
  types: Types,
  identities: Identities,
  startedAt: number,
): Promise<ClientSession> {
  const inFlight = new Map<string, InFlight>();
  const session = await openPeer(peer, 'client', program, limits, types, {
    ended(id, read) {
      const [line, index] = inFlight.has(id) ? [id, 0] : rowOf(id);
      const call = inFlight.get(line);
      if (!call || call.records[index]) throw new Error('ends a call that is not in flight');
      call.records[index] = read(call.path);
      call.left -= 1;
      call.heard();
    },
  });

  /** Resolves to false when nothing was heard of it for so long. */
  async function end(call: InFlight, waitMs: number): Promise<boolean> {
    while (call.left > 0) {
      const { promise, resolve } = Promise.withResolvers<true>();
      call.heard = () => resolve(true);
      if (!(await session.wait(promise, waitMs))) return false;
    }
    return true;
  }

  return Object.assign(session.running(session.implementation, startedAt), {
    async call(call: Call, _name?: string, tls?: ClientPem) {
      const { id, method, types: path = method, times = 1 } = call;
      const waiting: InFlight = { path, records: [], left: times, heard() {} };
      inFlight.set(id, waiting);
      const pem = tls ? dialled(tls, call) : call.tls && (await identities.client(call.tls));
      session.send(encodeCall(call, pem));
      // What ends too late is still the end of a call that was made.
      const waitMs = patienceMs(call, limits);
      if (await end(waiting, waitMs)) {
        inFlight.delete(id);
        return waiting.records;
      }
      const alive = await session.ask({ flush: {} }, limits.recordMs);
      const missing = Array.from({ length: times }, (_, index) => index).find(
        (index) => waiting.records[index] === undefined,
      );
      throw new SilentCall(call, waitMs, alive !== undefined, missing);
    },
  });
}

/** Where the name is that of the address anyway, nobody is told: some would send an address as a server name. */
function dialled({ serverName, ...pem }: ClientPem, { address }: Pick<Call, 'address'>): ClientPem {
  if (serverName === undefined || serverName === hostAndPort(address).host) return pem;
  return { ...pem, serverName };
}

/** `c1.0.7` is the eighth call of the row `c1.0`. */
function rowOf(id: string): readonly [line: string, index: number] {
  const dot = id.lastIndexOf('.');
  return [id.slice(0, dot), Number(id.slice(dot + 1))];
}
