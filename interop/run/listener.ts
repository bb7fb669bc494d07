import type { ClientSession, RunningServer } from '../launch/launcher.ts';
import type { Scenario } from '../model/scenario.ts';

/**
 * Encrypted listeners that the scenarios of a pairing share, by server, by client, and then by how they encrypt.
 * Each pairing has its own: a connection that nobody can read is then known to be of that client.
 */
const shared = new WeakMap<RunningServer, WeakMap<ClientSession, Map<string, Promise<string>>>>();

/**
 * The address at which the scenario's server is to be called: of a listener of its own,
 * of the one that all scenarios share (`common`), or of the one that all of this pairing share which encrypt alike.
 */
export async function addressFor(
  { connection, tls }: Pick<Scenario, 'connection' | 'tls'>,
  client: ClientSession,
  server: RunningServer,
  common: string,
): Promise<string> {
  if (connection === 'own-listener') return server.listen(undefined, tls);
  if (!tls) return common;
  const ofServer = shared.get(server) ?? new WeakMap<ClientSession, Map<string, Promise<string>>>();
  shared.set(server, ofServer);
  const listeners = ofServer.get(client) ?? new Map<string, Promise<string>>();
  ofServer.set(client, listeners);
  const how = JSON.stringify(tls);
  const opening = listeners.get(how) ?? server.listen(undefined, tls);
  listeners.set(how, opening);
  return opening;
}
