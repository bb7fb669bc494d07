import type { ClientSession, RunningServer, SilentCall } from '../launch/launcher.ts';

/**
 * A call that never ended: who is silent? Faults that side. Rejects with the
 * server's fault when it does not even flush.
 */
export async function blame(silent: SilentCall, client: ClientSession, server: RunningServer): Promise<void> {
  if (server.fault || client.fault) return;
  const { call, waitedMs } = silent;
  await server.flush();
  const records = await server.served(call.id, false);
  const text = `call ${call.id} within ${waitedMs} ms`;
  const ownEndMs = Math.min(call.timeoutMs ?? Infinity, call.cancelAfterMs ?? Infinity);
  if (!silent.isClientAlive) client.fail(`said nothing about ${text}, nor about a call of an unknown kind`);
  else if (ownEndMs < waitedMs)
    client.fail(`said nothing about ${text}: it was to end it after ${ownEndMs} ms`);
  else await blameByThirdWitness(text, silent, records.length > 0, client, server);
}

/**
 * Both are alive, and a record says only that the server was about to answer. So
 * the harness makes the same call itself: a server that ends it has ended the
 * client's as well.
 */
async function blameByThirdWitness(
  text: string,
  { call }: SilentCall,
  isRecorded: boolean,
  client: ClientSession,
  server: RunningServer,
): Promise<void> {
  const answer = await server.ask(call);
  const record = isRecorded ? 'recorded and did not answer' : 'neither answered nor recorded';
  const isElsewhere = answer === 'unreachable' && call.address !== server.address;
  if (answer === 'ended')
    client.fail(`said nothing about ${text}; the server ends the same call of the harness's own`);
  else if (answer === 'silent') server.fail(`${record} ${text}, nor the same call of the harness's own`);
  else if (isElsewhere && (await server.ask({ ...call, address: server.address })) !== 'unreachable') {
    if (call.waitForReady) server.fail(`${record} ${text}: nobody listens on ${call.address}`);
    else
      client.fail(
        `said nothing about ${text}: it was to fail at once, since nobody listens on ${call.address}`,
      );
  }
  // The harness cannot reach the server by itself: the record decides.
  else if (isRecorded) client.fail(`said nothing about ${text}, which the server says it served`);
  else server.fail(`neither answered nor recorded ${text}; the client is alive and waits`);
}
