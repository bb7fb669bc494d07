/** Scenarios, with what most of them do not say filled in, and what they need worked out. */
import { payloadOf } from '../messages/payload.ts';
import { isProtoJson } from '../messages/sayable.ts';
import type { Method, Types } from '../messages/types.ts';
import type { CallSpec, ClientStep, Metadatum, Script, ServerEnd, ServerStep } from '../model/call.ts';
import type { Json, Payload } from '../model/message.ts';
import type { ClientFeature, ServerFeature } from '../model/peer.ts';
import type { PlannedCall, Scenario, Step } from '../model/scenario.ts';

/** What makes the scenarios of a contract. */
export interface Builder {
  readonly types: Types;
  /** The method of that path. Throws when it is not described. */
  method(path: string): Method;
  /** A message that a client sends. Throws as payloadOf does. */
  request(path: string, json: Json): Payload;
  /** A message that a server sends. Throws as payloadOf does. */
  response(path: string, json: Json): Payload;
  scenario(draft: Draft): Scenario;
}

/** A scenario: what most of them do not say has its usual value. */
export type Draft = Pick<Scenario, 'name' | 'title' | 'source' | 'steps'> & {
  /** Beside what its calls show. */
  readonly needs?: Partial<Scenario['needs']>;
  readonly connection?: Scenario['connection'];
  readonly tls?: NonNullable<Scenario['tls']>;
  readonly waits?: boolean;
  readonly isService?: true;
  readonly isOpen?: true;
};

/** `plain`: paths of methods that every peer has code for. */
export function builderFor(contract: string, types: Types, plain: ReadonlySet<string>): Builder {
  function method(path: string): Method {
    const found = types.methods.get(path);
    if (!found) throw new Error(`no method ${path} is described`);
    return found;
  }
  return {
    types,
    method,
    request: (path, json) => payloadOf(method(path).request, json, types.registry),
    response: (path, json) => payloadOf(method(path).response, json, types.registry),
    scenario: (draft) => ({
      connection: 'shared',
      waits: false,
      ...draft,
      steps: draft.steps.map((step) => withKinds(step, types)),
      contract,
      services: servicesOf(draft, types),
      needs: needsOf(draft, types, plain),
    }),
  };
}

export function text(key: string, value: string): Metadatum {
  return { key, text: value };
}

export function binary(key: string, value: Uint8Array): Metadatum {
  return { key, binary: Buffer.from(value).toString('base64') };
}

/** A script's end with that status. */
export function end(more: Partial<ServerEnd> = {}): ServerStep {
  return { end: { code: 0, message: '', trailers: [], ...more } };
}

/** A call of that method, plain but for its steps. */
export function calling(
  method: string,
  steps: readonly ClientStep[],
  more: Partial<CallSpec> = {},
): CallSpec {
  return { method, metadata: [], steps, ...more };
}

/** All that the client still sends. */
export const receiveAll = { receive: -1 } as const;

export function inTurn(...calls: readonly PlannedCall[]): Step {
  return { do: 'calls', pace: 'in-turn', calls };
}

function withKinds(step: Step, { methods }: Types): Step {
  if (step.do !== 'calls') return step;
  return {
    ...step,
    calls: step.calls.map((call) => {
      const kind = methods.get(call.spec.types ?? call.spec.method)?.kind;
      return kind ? { ...call, kind } : call;
    }),
  };
}

function servicesOf({ steps }: Pick<Draft, 'steps'>, { methods }: Types): readonly string[] {
  const paths = steps.flatMap((step) =>
    step.do === 'calls' ? step.calls.map(({ spec }) => spec.method) : [],
  );
  const described = paths.filter((path) => methods.has(path));
  return [...new Set(described.map((path) => path.split('/')[1] ?? ''))];
}

function needsOf(
  { steps, needs, tls }: Pick<Draft, 'steps' | 'needs' | 'tls'>,
  types: Types,
  plain: ReadonlySet<string>,
): Scenario['needs'] {
  const calls = steps.flatMap((step) => (step.do === 'calls' ? step.calls : []));
  const client = new Set<ClientFeature>(needs?.client);
  const server = new Set<ServerFeature>(needs?.server);
  for (const call of calls) {
    for (const feature of clientNeeds(call, types, plain)) client.add(feature);
    for (const feature of serverNeeds(call, types, plain)) server.add(feature);
  }
  if (tls) server.add('tls');
  if (steps.some((step) => step.do === 'drain')) server.add('drain');
  if (steps.some((step) => step.do === 'listen' || step.do === 'close')) server.add('listen');
  return { client: [...client], server: [...server] };
}

function clientNeeds(
  { spec, script, expect }: PlannedCall,
  { methods, registry }: Types,
  plain: ReadonlySet<string>,
): readonly ClientFeature[] {
  const method = methods.get(spec.types ?? spec.method);
  const kind = method?.kind;
  const isSaid = (what: 'request' | 'response', steps: readonly (ClientStep | ServerStep)[]) =>
    steps.every((step) => !method || !('send' in step) || isProtoJson(method[what], step.send, registry));
  return [
    ...(spec.types !== undefined || !plain.has(spec.method) ? (['any-service'] as const) : []),
    ...(kind && kind !== 'unary' ? [kind] : []),
    ...(script ? (['script'] as const) : []),
    ...(spec.metadata.length > 0 || expect.headers || expect.trailers ? (['metadata'] as const) : []),
    ...(spec.timeoutMs === undefined ? [] : (['timeout'] as const)),
    ...(spec.steps.some((step) => 'cancel' in step) ? (['cancel'] as const) : []),
    ...(spec.waitForReady ? (['wait-for-ready'] as const) : []),
    ...(spec.compression ? (['gzip-request'] as const) : []),
    ...(script?.compression ? (['gzip-response'] as const) : []),
    ...((spec.times ?? 1) > 1 ? (['channel'] as const) : []),
    ...(spec.tls ? (['tls'] as const) : []),
    ...(takesTurns(spec.steps) ? (['steps'] as const) : []),
    ...(spec.types !== undefined || !method ? (['types'] as const) : []),
    ...(isSaid('request', spec.steps) && isSaid('response', script?.steps ?? [])
      ? []
      : (['any-message'] as const)),
  ];
}

/** It is more than all requests, the half-close and what comes then. */
function takesTurns(steps: readonly ClientStep[]): boolean {
  const isHeldUp = (step: ClientStep) => 'waitMs' in step || 'receive' in step;
  const last = steps.findLastIndex((step) => 'send' in step || 'close' in step);
  return steps.some((step, index) => 'waitMs' in step || (index < last && isHeldUp(step)));
}

function serverNeeds(
  { spec, script, expect }: PlannedCall,
  { methods }: Types,
  plain: ReadonlySet<string>,
): readonly ServerFeature[] {
  const method = methods.get(spec.method);
  const isScripted = script !== undefined || (method !== undefined && !plain.has(spec.method));
  return [
    ...(isScripted || expect.timeRemainingMs ? (['scripts'] as const) : []),
    ...(expect.handshake?.version ? (['tls-version'] as const) : []),
    ...(expect.clientName === undefined ? [] : (['client-name'] as const)),
    ...(method && method.kind !== 'unary' ? [method.kind] : []),
    ...(expect.metadata || isMetadataSent(script) ? (['metadata'] as const) : []),
    ...(spec.compression ? (['gzip-request'] as const) : []),
    ...(script?.compression ? (['gzip-response'] as const) : []),
  ];
}

function isMetadataSent(script: Script | undefined): boolean {
  return (
    script?.steps.some((step) => 'headers' in step || ('end' in step && step.end.trailers.length > 0)) ??
    false
  );
}
