import type { Limits } from '../launch/launcher.ts';
import type { Program } from '../launch/program.ts';
import type { Types } from '../messages/types.ts';
import type { CallRecord, ServedRecord } from '../model/call.ts';
import type { Implementation, Peer, Role } from '../model/peer.ts';
import {
  decodeCallRecord,
  decodeImplementation,
  decodeServedRecord,
  number,
  object,
  string,
} from './codec.ts';
import { type Connection, connect } from './connection.ts';

type Lined = Parameters<typeof decodeImplementation>[0];

/** What came of an instruction. */
export interface Answer {
  /** Not empty: why it was not done. */
  readonly refused: string;
  readonly port: number;
}

/** What one of the roles does with what a peer tells. */
export interface Listener {
  served?(record: ServedRecord): void;
  /** `methodOf` a call in flight, by the id of its line; throws when there is none. */
  ended?(id: string, read: (path: string) => CallRecord): void;
}

/** A started program that speaks the contract, whatever role it is to play. */
export interface PeerSession extends Connection {
  readonly implementation: Implementation;
  /** Gives an instruction and resolves to its answer; undefined when there is none within so long. Rejects with the fault. */
  ask(instruction: object, ms: number): Promise<Answer | undefined>;
  /** The same; rejects with the fault as well when it is not answered in time, or refused. */
  instruct(instruction: object): Promise<Answer>;
}

/**
 * Speaks with a started program. Resolves when it is ready and knows the types, if it
 * claims to take them; rejects with a PeerError, the program ended, when it does not get that far.
 */
export async function openPeer(
  peer: Peer,
  role: Role,
  program: Program,
  limits: Limits,
  types: Types,
  listener: Listener,
): Promise<PeerSession> {
  const ready = Promise.withResolvers<Implementation>();
  const answers = new Map<string, (answer: Answer) => void>();
  let isReady = false;
  let instructions = 0;

  const connection = connect(peer, role, program, limits, (json) => {
    if (!isReady) {
      const first = object(json, 'ready');
      if (!first) throw new Error('is not "ready"');
      isReady = true;
      ready.resolve(decodeImplementation(first));
      return;
    }
    const answer = object(json, 'answer');
    const served = object(json, 'served');
    const ended = object(json, 'ended');
    if (answer) takeAnswer(answer);
    else if (served && listener.served) listener.served(decodeServedRecord(served, types));
    else if (ended && listener.ended)
      listener.ended(string(ended, 'id'), (path) => decodeCallRecord(ended, types.methods.get(path), types));
    else throw new Error(`is none of "answer" and ${role === 'server' ? '"served"' : '"ended"'}`);
  });

  function takeAnswer(json: Lined): void {
    const id = string(json, 'id');
    const take = answers.get(id);
    if (!take) throw new Error('answers an instruction that was not given');
    answers.delete(id);
    take({ refused: string(json, 'refused'), port: number(json, 'port') });
  }

  async function ask(instruction: object, ms: number): Promise<Answer | undefined> {
    const id = `i${instructions++}`;
    const { promise, resolve } = Promise.withResolvers<Answer>();
    answers.set(id, resolve);
    connection.send(JSON.stringify({ id, ...instruction }));
    return connection.wait(promise, ms);
  }

  async function instruct(instruction: object): Promise<Answer> {
    const answer = await ask(instruction, limits.recordMs);
    if (!answer)
      throw connection.fail(
        `did not answer the instruction ${shown(instruction)} within ${limits.recordMs} ms`,
        true,
      );
    if (answer.refused !== '')
      throw connection.fail(`refused the instruction ${shown(instruction)}: ${answer.refused}`);
    return answer;
  }

  const implementation = await connection.begin(ready.promise, 'was not ready');
  const session = { ...connection, implementation, ask, instruct };
  if (takesTypes(peer, role) && types.files !== '')
    await connection.orStop(instruct({ types: { files: types.files } }));
  return session;
}

function takesTypes({ client, server }: Peer, role: Role): boolean {
  return role === 'client'
    ? (client?.features.includes('any-service') ?? false)
    : (server?.features.includes('scripts') ?? false);
}

const shownLength = 120;

function shown(instruction: object): string {
  // Keys are nobody's business.
  const text = JSON.stringify(instruction, (member, value) => (member === 'tls' && value ? '…' : value));
  return text.length > shownLength ? `${text.slice(0, shownLength)}…` : text;
}
