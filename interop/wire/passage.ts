/** A relay in front of a server that is not the launcher's, for a call by hand. */
import type { Wire } from '../launch/launcher.ts';
import type { Types } from '../messages/types.ts';
import type { WireStream } from '../model/wire.ts';
import { methodsOf } from './methods.ts';
import { takeNotes } from './notes.ts';
import { openRelay } from './relay.ts';
import { readKeyLogs } from './tls/key-logs.ts';

export interface Passage extends Disposable {
  /** Where the client reaches it. */
  readonly address: string;
  readonly wire: Wire;
}

/**
 * `host`: where clients reach the harness; `server`: the address behind; `keyLog`: the file in
 * which the client tells its keys. `heard` is told each time that bytes of a stream have passed;
 * the stream goes on filling. Rejects when nothing can listen there.
 */
export async function openPassage(
  host: string,
  server: string,
  types: Types,
  keyLog: string | undefined,
  heard: (stream: WireStream) => void,
): Promise<Passage> {
  const keys = readKeyLogs();
  keys.add(keyLog);
  const notes = takeNotes(methodsOf(types), { heard, keys });
  const relay = await openRelay(host, server, notes.watch);
  return { address: relay.address, wire: notes, [Symbol.dispose]: () => relay.close() };
}
