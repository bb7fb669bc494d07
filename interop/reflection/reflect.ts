/**
 * What a server says of its own services: its descriptors, by gRPC's server reflection.
 *
 * It is asked over node:http2, and not through a peer: it has to be known before anything is
 * built, planned or started, and nothing of it is judged.
 */
import type { ClientHttp2Session } from 'node:http2';
import { openSession } from '../dial/session.ts';
import { whyNotHttp2 } from '../dial/why.ts';
import { UsageError } from '../errors.ts';
import type { ClientPem } from '../model/tls.ts';
import { type Conversation, converse, EndedCall } from './conversation.ts';
import { filesFor } from './files.ts';
import { decodeTold, encodeQuestion, type Question, type Told } from './messages.ts';

/** What a server describes. */
export interface Reflected {
  /** A serialized FileDescriptorSet, each file behind those that it imports. */
  readonly set: Uint8Array;
  /** Full names of its services; its reflection itself and the health service are none of them. */
  readonly services: readonly string[];
  /** What it names and does not describe, a sentence each. */
  readonly problems: readonly string[];
}

/** Asks a server about itself. Rejects with a UsageError when it cannot tell. */
export type Ask = (question: Question) => Promise<Told>;

const waitMs = 5_000;
const versions = ['grpc.reflection.v1', 'grpc.reflection.v1alpha'] as const;
const ofNoInterest = /^grpc\.(?:reflection|health)\./;

/** Asks the server at `host:port`, over TLS where it is said how. Rejects with a UsageError that says why there is nothing to be known. */
export async function reflect(address: string, tls?: ClientPem): Promise<Reflected> {
  const session = openSession(address, tls);
  const { promise: lost, reject } = Promise.withResolvers<never>();
  lost.catch(() => {});
  session.on('error', (error) => reject(error));
  session.on('close', () => reject(new Error('it closed the connection')));
  const timer = setTimeout(() => {
    reject(new Error(`nothing was heard within ${waitMs} ms`));
    session.destroy();
  }, waitMs);
  try {
    return await Promise.race([asked(session, address), lost]);
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(await noConnection(address, tls, (error as Error).message));
  } finally {
    clearTimeout(timer);
    session.destroy();
  }
}

async function noConnection(address: string, tls: ClientPem | undefined, what: string): Promise<string> {
  const why = await whyNotHttp2(address, tls);
  const [told, hint] = why ? [`it ${why.text}`, why.hint] : [what, 'is that the port of the gRPC server?'];
  return `the server at ${address} was asked for its reflection: ${told}\n  hint: ${hint}`;
}

async function asked(session: ClientHttp2Session, address: string): Promise<Reflected> {
  for (const version of versions) {
    const conversation = converse(session, `/${version}.ServerReflection/ServerReflectionInfo`);
    try {
      return await described(address, askOver(conversation));
    } catch (error) {
      if (!(error instanceof EndedCall)) throw error;
      if (!error.isUnimplemented)
        throw new UsageError(`the server at ${address} ended the call of its reflection: ${error.message}`);
    } finally {
      conversation.end();
    }
  }
  throw new UsageError(
    `the server at ${address} has no reflection: neither ${versions.join(' nor ')}\n  hint: give it one, or say what it serves with its .proto: --proto FILE, or --contract FOLDER`,
  );
}

function askOver(conversation: Conversation): Ask {
  return async (question) => decodeTold(await conversation.ask(encodeQuestion(question)));
}

async function described(address: string, ask: Ask): Promise<Reflected> {
  const { services, problem } = await ask({ services: true });
  const named = services.filter((each) => !ofNoInterest.test(each));
  if (named.length === 0)
    throw new UsageError(
      `the server at ${address} tells of no service of its own: ${problem ?? (services.join(' ') || 'none at all')}`,
    );
  const found = await filesFor(named, ask);
  if (found.services.length === 0)
    throw new UsageError(
      `the server at ${address} describes none of its services: ${found.problems.join('; ')}`,
    );
  return found;
}
