/** `reflect:HOST:PORT`: a contract without a folder, made of what a server says of itself. */
import { UsageError } from '../errors.ts';
import { payloadOf } from '../messages/payload.ts';
import { type Method, methodsOf, readTypes, type Types } from '../messages/types.ts';
import { givesOneResponse, takesOneRequest } from '../model/method.ts';
import type { Scenario } from '../model/scenario.ts';
import { Code } from '../model/status.ts';
import type { ClientPem } from '../model/tls.ts';
import { reflect } from '../reflection/reflect.ts';
import { type Builder, builderFor, inTurn } from './builder.ts';
import type { Contract } from './contract.ts';
import { prefix } from './reflected-address.ts';
import { exampleOf } from './writing/example.ts';
import { fileNames } from './writing/first-case.ts';

/** Each method of the server is called once. Rejects with a UsageError when the server cannot tell of itself. */
export async function reflectedContract(
  address: string,
  tls?: ClientPem,
): Promise<Contract & { readonly set: Uint8Array }> {
  if (!/^\S+:\d{1,5}$/.test(address))
    throw new UsageError(`--contract ${prefix}${address}: wanted an address, as in reflect:127.0.0.1:50051`);
  const { set, services, problems } = await reflect(address, tls);
  const types = readTypes(set);
  const name = 'reflected';
  const builder = builderFor(name, types, new Set());
  return {
    name,
    folder: undefined,
    types,
    set,
    scenarios: scenariosOf(address, services, types, builder),
    notes: problems.map((problem) => `the server at ${address} names and does not describe ${problem}`),
  };
}

function scenariosOf(
  address: string,
  services: readonly string[],
  types: Types,
  builder: Builder,
): readonly Scenario[] {
  const methods = methodsOf(types, services);
  const names = fileNames(methods);
  return methods.map((method) => {
    const isOne = givesOneResponse(method.kind);
    return builder.scenario({
      name: `${names.get(method)}/first`,
      title: `${method.path.slice(1)}: some answer crosses, and the client tells that answer.`,
      source: { text: `${method.path.slice(1)} (${method.kind})`, link: `${prefix}${address}` },
      isService: true,
      isOpen: true,
      // Some streams go on for as long as they are listened to.
      ...(!isOne && { connection: 'own', waits: true }),
      steps: [
        inTurn({
          spec: {
            method: method.path,
            metadata: [],
            ...(!isOne && { timeoutMs: listenedMs }),
            steps: requestsOf(method, types),
          },
          expect: {
            code: Code.OK,
            orCodes: Object.values(Code).filter((code) => code !== Code.OK),
            responses: [],
            anyAnswer: isOne ? 'one-response' : 'any-responses',
            served: 'answered',
          },
        }),
      ],
    });
  });
}

const listenedMs = 2_000;

function requestsOf({ kind, request }: Method, { registry }: Types) {
  const nths = takesOneRequest(kind) ? [0] : [0, 1];
  return nths.map((nth) => ({ send: payloadOf(request, exampleOf(request, nth), registry) }));
}
