/** What is said of the service, by name: its methods, messages, and what a server of gRPC's own answers. */
import { type Builder, type Draft, end, inTurn } from '../../interop/contract/builder.ts';
import type { CallSpec, ClientStep, Script, ServerStep } from '../../interop/model/call.ts';
import type { JsonObject, Message, Payload } from '../../interop/model/message.ts';
import type { PlannedCall, Scenario } from '../../interop/model/scenario.ts';
import { Code } from '../../interop/model/status.ts';
import { source } from './source.ts';

const service = '/grpc.testing.TestService';
export const emptyCall = `${service}/EmptyCall`;
export const unaryCall = `${service}/UnaryCall`;
export const streamingInputCall = `${service}/StreamingInputCall`;
export const streamingOutputCall = `${service}/StreamingOutputCall`;
export const fullDuplexCall = `${service}/FullDuplexCall`;
export const unimplementedCall = `${service}/UnimplementedCall`;
export const unimplementedService = '/grpc.testing.UnimplementedService/UnimplementedCall';

/** Bodies of a large unary call, there and back. */
export const [largeRequest, largeResponse] = [271_828, 314_159];

/** The service, as its cases speak of it. */
export interface Service extends Builder {
  /** A case by its official name; `says` is its sentence in the document. */
  official(
    draft: Omit<Draft, 'name' | 'source' | 'steps'> & Case,
    ...calls: readonly PlannedCall[]
  ): Scenario;
  send(path: string, json: JsonObject): ClientStep;
  answer(path: string, json: JsonObject): ServerStep;
  /** A call, the script that answers it, and that both end well, with the responses of the script. */
  answered(spec: CallSpec, script: Script, more?: Partial<PlannedCall['expect']>): PlannedCall;
}

interface Case {
  readonly word: string;
  readonly says: string;
}

export function serviceOf(builder: Builder): Service {
  return {
    ...builder,
    official: ({ word, says, ...draft }, ...calls) =>
      builder.scenario({
        name: `testing/${word}`,
        source: source(word, says),
        isService: true,
        ...draft,
        steps: [inTurn(...calls)],
      }),
    send: (path, json) => ({ send: builder.request(path, json) }),
    answer: (path, json) => ({ send: builder.response(path, json) }),
    answered: (spec, script, more) => ({
      spec,
      script,
      expect: { code: Code.OK, responses: messagesOf(script), served: 'answered', ...more },
    }),
  };
}

function messagesOf({ steps }: Script): readonly Message[] {
  const sent: readonly Payload[] = steps.flatMap((step) => ('send' in step ? [step.send] : []));
  return sent.map(({ json }) => ({ json }));
}

/** What a server does with a call; without an end: OK. */
export function script(name: string, ...steps: readonly ServerStep[]): Script {
  const last = steps.at(-1);
  return { name, steps: last && 'end' in last ? steps : [...steps, end()] };
}

/** A payload of so many bytes of zero. */
export function payload(bytes: number): JsonObject {
  return { payload: { body: Buffer.alloc(bytes).toString('base64') } };
}
