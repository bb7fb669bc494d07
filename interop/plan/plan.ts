import { UsageError } from '../errors.ts';
import type { Cell } from '../model/cell.ts';
import type { KnownFailure, PlannedShard } from '../model/event.ts';
import type { ClientFeature, Peer, ServerFeature } from '../model/peer.ts';
import type { PlannedCall, Scenario } from '../model/scenario.ts';
import { isCarried, isNamingScripts, isPlainServer, isRunOnceACase } from '../peers/stranger.ts';
import type { Ledger } from './ledger.ts';
import { parseQuery, type Query } from './query.ts';

/** What will be run: decided before anything starts. */
export interface Plan {
  /** Every connection is encrypted. */
  readonly transport?: 'tls';
  /** Peers that play a part in a cell. */
  readonly peers: readonly Peer[];
  /** Scenarios of at least one cell. */
  readonly scenarios: readonly Scenario[];
  /** Grouped by pairing, scenarios in their own order. */
  readonly cells: readonly Cell[];
  /** What was left out on purpose, as a sentence; empty when nothing was. */
  readonly leftOut: string;
  readonly ledger: readonly KnownFailure[];
  readonly problems: readonly string[];
  /** Its cells are a part, of this whole. */
  readonly shard?: PlannedShard;
}

/**
 * Every client with every server with every scenario, less what the query leaves
 * out. Throws a UsageError that lists what there is when nothing is left.
 * `today` is an ISO date.
 */
export function makePlan(
  peers: readonly Peer[],
  scenarios: readonly Scenario[],
  query: Query,
  ledger: Ledger,
  today: string,
): Plan {
  const servers = peers.filter((peer) => peer.server);
  const all = peers
    .filter((peer) => peer.client)
    .flatMap((client) => cellsOf(client, servers, scenarios, ledger));
  const contracts = new Map(scenarios.map(({ name, contract }) => [name, contract]));
  const placeOf = (cell: Cell) => ({ ...cell, contract: contracts.get(cell.scenario) });
  const cells = query.words.length === 0 ? all : all.filter((cell) => query.matches(placeOf(cell)));
  if (cells.length === 0) throw new UsageError(nothingSelected(peers, scenarios, query));
  const names = new Set(cells.flatMap((cell) => [cell.client, cell.server]));
  const played = new Set(cells.map((cell) => cell.scenario));
  return {
    peers: peers.filter((peer) => names.has(peer.name)),
    scenarios: scenarios.filter((scenario) => played.has(scenario.name)),
    cells,
    leftOut:
      cells.length === all.length
        ? ''
        : `${all.length - cells.length} of ${all.length} cells left out by the query: ${query.words.join(' ')}`,
    ledger: ledger.entries,
    problems: ledger.problems(all.map(placeOf), today),
  };
}

/** Those of one client, pairing by pairing. */
function cellsOf(
  client: Peer,
  servers: readonly Peer[],
  scenarios: readonly Scenario[],
  ledger: Ledger,
): readonly Cell[] {
  // With every server the same, and not for nothing: some messages are megabytes.
  const lacks = new Map(scenarios.map((scenario) => [scenario, missingOfClient(client, scenario)]));
  return servers.flatMap((server) =>
    scenarios
      .filter((scenario) => !scenario.isOpen || (isPlainServer(server) && hasServices(server, scenario)))
      .map((scenario) => {
        const cell = { client: client.name, server: server.name, scenario: scenario.name };
        const unsupported = missingFeature(lacks.get(scenario), client, server, scenario);
        const known = ledger.find({ ...cell, contract: scenario.contract });
        return { ...cell, ...(unsupported && { unsupported }), ...(known !== undefined && { known }) };
      }),
  );
}

function missingFeature(
  byClient: ClientFeature | undefined,
  client: Peer,
  server: Peer,
  scenario: Scenario,
): Cell['unsupported'] {
  if (byClient) return { by: 'client', feature: byClient };
  if (server.tls && !client.client?.features.includes('tls')) return { by: 'client', feature: 'tls' };
  const isUnasked = scenario.isService && isPlainServer(server);
  const byServer = scenario.needs.server.find(
    (feature) => !server.server?.features.includes(feature) && !(isUnasked && itsOwn.has(feature)),
  );
  if (byServer) return { by: 'server', feature: byServer };
  return hasServices(server, scenario) ? undefined : { by: 'server', feature: 'scripts' };
}

function missingOfClient(peer: Peer, scenario: Scenario): ClientFeature | undefined {
  const { client } = peer;
  const calls = scenario.steps.flatMap((step) => (step.do === 'calls' ? step.calls : []));
  if (client?.cases && !isOneOf(client.cases, scenario)) return 'case';
  const isByItself = isRunOnceACase(peer);
  // What it does in its cases it knows by itself; but it makes all its calls in one go.
  if (isByItself && scenario.steps.some((step) => step.do !== 'calls')) return 'channel';
  const missing = scenario.needs.client.find(
    (feature) =>
      !isByItself &&
      !client?.features.includes(feature) &&
      !(feature === 'script' && isAnsweredByMethod(calls)) &&
      // What it says that it makes is of a service that it knows.
      !(feature === 'any-service' && client?.cases),
  );
  if (missing) return missing;
  if (!isNamingScripts(peer) && !isAnsweredByMethod(calls)) return 'script';
  return calls.every(({ spec }) => isCarried(peer, spec)) ? undefined : 'any-message';
}

function isOneOf(cases: readonly string[], scenario: Scenario): boolean {
  return parseQuery([`scenario:${cases.join(',')}`]).matches({
    client: '',
    server: '',
    scenario: scenario.name,
  });
}

/** Scripts that are named like their methods do for all of them: none has two answers. */
function isAnsweredByMethod(calls: readonly PlannedCall[]): boolean {
  const answers = Map.groupBy(calls, ({ spec }) => spec.method);
  return [...answers.values()].every((same) => new Set(same.map(({ script }) => script)).size === 1);
}

/** A server that says which services it has has those that are called. */
function hasServices({ server }: Peer, { services }: Scenario): boolean {
  return services.every((service) => server?.services?.includes(service) ?? true);
}

/** What a service of its own needs no script for. */
const itsOwn: ReadonlySet<ServerFeature> = new Set([
  'scripts',
  'client-streams',
  'server-streams',
  'bidi-streams',
  'metadata',
]);

function nothingSelected(peers: readonly Peer[], scenarios: readonly Scenario[], query: Query): string {
  if (!peers.some((peer) => peer.client) || !peers.some((peer) => peer.server))
    return 'no cells: there is no client and server to pair';
  return [
    `the query ${JSON.stringify(query.words.join(' '))} selects nothing; there are`,
    `  clients    ${names(peers.filter((peer) => peer.client))}`,
    `  servers    ${names(peers.filter((peer) => peer.server))}`,
    `  scenarios  ${names(scenarios)}`,
  ].join('\n');
}

function names(named: readonly { readonly name: string }[]): string {
  return named.map((each) => each.name).join(' ');
}
