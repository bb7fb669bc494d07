import type { Limits, RunningServer } from '../launch/launcher.ts';
import type { Program } from '../launch/program.ts';
import type { ServedRecord } from '../model/call.ts';
import type { Implementation, Peer } from '../model/peer.ts';
import { decodeImplementation, decodeServedRecord, number, object, string } from './codec.ts';
import { connect } from './connection.ts';

interface Announcement {
  readonly port: number;
  readonly implementation: Implementation;
}

type Answer =
  | { readonly kind: 'listening'; readonly announcement: Announcement }
  | { readonly kind: 'closed' }
  | { readonly kind: 'flushed' }
  | { readonly kind: 'refused'; readonly reason: string };

/**
 * Speaks with a started server program. Resolves when it has announced its port;
 * rejects with a PeerError, the program ended, when it does not get that far.
 */
export async function openServer(
  peer: Peer,
  program: Program,
  limits: Limits,
  startedAt: number,
): Promise<RunningServer> {
  const records = new Map<string, ServedRecord[]>();
  const watchers = new Map<string, () => void>();
  const listeners: ((record: ServedRecord) => void)[] = [];
  const answers: ((answer: Answer) => void)[] = [];
  const announced = Promise.withResolvers<Announcement>();
  answers.push((answer) => {
    if (answer.kind === 'listening') announced.resolve(answer.announcement);
    else throw new Error('is not "listening"');
  });

  const connection = connect(peer, 'server', program, limits, (json) => {
    const served = object(json, 'served');
    if (served) {
      keep(decodeServedRecord(served));
      return;
    }
    const answer = decodeAnswer(json);
    if (!answer) throw new Error('is none of "listening", "served", "closed", "flushed", "refused"');
    const take = answers.shift();
    if (!take) throw new Error('answers an instruction that was not given');
    take(answer);
  });

  function keep(record: ServedRecord): void {
    const list = records.get(record.callId);
    if (list) list.push(record);
    else records.set(record.callId, [record]);
    watchers.get(record.callId)?.();
    for (const listener of listeners) listener(record);
  }

  const { port, implementation } = await connection.begin(announced.promise, 'did not announce a port');

  /** Gives an instruction and waits for its answer, in order. */
  async function instruct(instruction: object, wanted: Answer['kind']): Promise<Answer> {
    const { promise, resolve } = Promise.withResolvers<Answer>();
    const text = JSON.stringify(instruction);
    answers.push(resolve);
    connection.send(text);
    const got = await connection.wait(promise, limits.recordMs);
    if (!got)
      throw connection.fail(`did not answer the instruction ${text} within ${limits.recordMs} ms`, true);
    if (got.kind === 'refused') throw connection.fail(`refused the instruction ${text}: ${got.reason}`);
    if (got.kind !== wanted) throw connection.fail(`answered the instruction ${text} with "${got.kind}"`);
    return got;
  }

  async function recordOf(callId: string): Promise<void> {
    if (records.has(callId)) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    watchers.set(callId, resolve);
    await connection.wait(promise, limits.recordMs);
    watchers.delete(callId);
  }

  async function flush(): Promise<void> {
    await instruct({ flush: {} }, 'flushed');
  }

  return Object.assign(connection.running(implementation, startedAt), {
    address: program.addressOf(port),
    flush,
    onServed: (listener: (record: ServedRecord) => void) => void listeners.push(listener),
    async served(callId: string, mayBeLate: boolean) {
      if (mayBeLate) await recordOf(callId);
      const found = records.get(callId) ?? [];
      records.delete(callId);
      return found;
    },
    async listen(address?: string) {
      const answer = await instruct({ listen: { port: address ? portOf(address) : 0 } }, 'listening');
      if (answer.kind !== 'listening') throw new Error('unreachable');
      return program.addressOf(answer.announcement.port);
    },
    async close(address: string) {
      await instruct({ close: { port: portOf(address) } }, 'closed');
    },
  });
}

function decodeAnswer(json: Readonly<Record<string, unknown>>): Answer | undefined {
  const listening = object(json, 'listening');
  if (listening) {
    const port = number(listening, 'port');
    if (port < 1 || port > 65535) throw new Error(`announces port ${port}`);
    const implementation = decodeImplementation(object(listening, 'implementation'));
    return { kind: 'listening', announcement: { port, implementation } };
  }
  if (object(json, 'closed')) return { kind: 'closed' };
  if (object(json, 'flushed')) return { kind: 'flushed' };
  const refused = object(json, 'refused');
  return refused && { kind: 'refused', reason: string(refused, 'reason') };
}

function portOf(address: string): number {
  return Number(address.slice(address.lastIndexOf(':') + 1));
}
