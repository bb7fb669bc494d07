/** A relay in front of a server that is not the launcher's, for a call by hand. */
import type { Wire } from '../launch/launcher.ts';
import type { Types } from '../messages/types.ts';
import type { WireStream } from '../model/wire.ts';
import { methodsOf } from './methods.ts';
import { takeNotes } from './notes.ts';
import { openRelay } from './relay.ts';

export interface Passage extends Disposable {
  /** Where the client reaches it. */
  readonly address: string;
  readonly wire: Wire;
}

/**
 * `host`: where clients reach the harness; `server`: the address behind. `heard` is told each
 * time that bytes of a stream have passed; the stream goes on filling. Rejects when nothing
 * can listen there.
 */
export async function openPassage(
  host: string,
  server: string,
  types: Types,
  heard: (stream: WireStream) => void,
): Promise<Passage> {
  const notes = takeNotes(methodsOf(types), heard);
  const relay = await openRelay(host, server, notes.watch);
  return { address: relay.address, wire: notes, [Symbol.dispose]: () => relay.close() };
}
