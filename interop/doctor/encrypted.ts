/** Calls over TLS: to a server without a library, and those of a client. */
import { Code } from '../model/status.ts';
import { serverName } from '../model/tls.ts';
import { encodeCall, number, string } from '../session/codec.ts';
import { answerText, type Caller, dial } from './caller.ts';
import { callOf, plain } from './calls.ts';
import { identities } from './certificates.ts';
import { answered, codeOf, endOf } from './listening.ts';
import type { Attended } from './program.ts';
import type { Subject } from './subject.ts';

/** Has it listen with a good certificate; resolves to the port. */
export async function listen(
  subject: Subject,
  server: Attended,
  signal: AbortSignal,
  port = 0,
): Promise<number> {
  const tls = await identities.server({ identity: 'good' });
  const instruction = { listen: { host: subject.starter.listenHost, port, tls } };
  const id = port === 0 ? 'listen' : 'listen again';
  return number(await answered(subject, server, id, instruction, signal), 'port');
}

/** Whether a call over TLS is answered at the port. */
export async function isServed(
  subject: Subject,
  server: Attended,
  port: number,
  signal: AbortSignal,
): Promise<boolean> {
  try {
    await using _ = await called(subject, server, port, '', signal);
    return true;
  } catch {
    signal.throwIfAborted();
    return false;
  }
}

/** Rejects with a PeerError when no call over TLS is answered at the port. */
export async function demandServed(
  subject: Subject,
  server: Attended,
  port: number,
  which: string,
  signal: AbortSignal,
): Promise<void> {
  await using _ = await called(subject, server, port, which, signal);
}

/** A connection over TLS on which a call was answered. Rejects with a PeerError when none was. */
export async function called(
  subject: Subject,
  server: Attended,
  port: number,
  which: string,
  signal: AbortSignal,
): Promise<Caller> {
  const caller = await dialTls(subject, server, server.addressOf(port), which, signal);
  const answer = await plain(caller, 'Stitch');
  if (answer.code === Code.OK && answer.response) return caller;
  await caller[Symbol.asyncDispose]();
  throw server.fault(`answered a call ${which} with ${answerText(answer)}: wanted OK and a row`);
}

/** Rejects with a PeerError when the server is not reached over TLS at the address. */
export async function dialTls(
  subject: Subject,
  server: Attended,
  address: string,
  which: string,
  signal: AbortSignal,
): Promise<Caller> {
  try {
    return await dial(address, subject.limits.callMs, signal, await identities.client({ serverName }));
  } catch (error) {
    signal.throwIfAborted();
    throw server.fault(`was called ${which}, and ${(error as Error).message}`);
  }
}

/** The status of a plain call over TLS that the client makes. Rejects with a PeerError when it does not end in time, or was not made. */
export async function codeOfCall(
  subject: Subject,
  client: Attended,
  address: string,
  which: string,
  signal: AbortSignal,
  timeoutMs?: number,
): Promise<number> {
  const call = { ...callOf(address, which, 'Stitch'), ...(timeoutMs !== undefined && { timeoutMs }) };
  client.say(encodeCall(call, await identities.client({ serverName })));
  const ended = await client.heard(
    `the end of a call ${which}`,
    (json) => endOf(json, which),
    subject.limits.callMs,
    signal,
  );
  const why = string(ended, 'unsupported');
  if (why !== '') throw client.fault(`did not make a call ${which}, and claims tls: ${why}`);
  return codeOf(ended);
}
