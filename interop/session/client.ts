import { type ClientSession, type Limits, SilentCall } from '../launch/launcher.ts';
import type { Program } from '../launch/program.ts';
import type { Call, CallRecord } from '../model/call.ts';
import type { Implementation, Peer } from '../model/peer.ts';
import { decodeCallRecord, decodeImplementation, encodeCall, encodeProbe, object } from './codec.ts';
import { connect } from './connection.ts';

/**
 * Speaks with a started client program. Resolves when it is ready for calls;
 * rejects with a PeerError, the program ended, when it does not get that far.
 */
export async function openClient(
  peer: Peer,
  program: Program,
  limits: Limits,
  startedAt: number,
): Promise<ClientSession> {
  const ready = Promise.withResolvers<Implementation>();
  const waiting = new Map<string, (record: CallRecord) => void>();
  let isReady = false;

  const connection = connect(peer, 'client', program, limits, (json) => {
    const implementation = object(json, 'ready');
    const ended = object(json, 'ended');
    if (!isReady && implementation) {
      isReady = true;
      ready.resolve(decodeImplementation(implementation));
    } else if (isReady && ended) {
      const record = decodeCallRecord(ended);
      const deliver = waiting.get(record.id);
      if (!deliver) throw new Error('ends a call that is not in flight');
      waiting.delete(record.id);
      deliver(record);
    } else throw new Error(isReady ? 'is not "ended"' : 'is not "ready"');
  });

  const implementation = await connection.begin(ready.promise, 'was not ready');

  return Object.assign(connection.running(implementation, startedAt), {
    async call(call: Call) {
      const record = await exchange(call.id, encodeCall(call), limits.callMs);
      if (record) return record;
      const alive = await exchange(`${call.id}?`, encodeProbe(`${call.id}?`), limits.recordMs);
      throw new SilentCall(call, limits.callMs, alive !== undefined);
    },
  });

  /** The record of that id, or undefined when it does not come in time. Rejects with the fault. */
  function exchange(id: string, line: string, ms: number): Promise<CallRecord | undefined> {
    const { promise, resolve } = Promise.withResolvers<CallRecord>();
    waiting.set(id, resolve);
    connection.send(line);
    return connection.wait(promise, ms);
  }
}
