import { calling, end, inTurn, receiveAll } from '../../interop/contract/builder.ts';
import type { ClientStep, ServerStep } from '../../interop/model/call.ts';
import type { Message } from '../../interop/model/message.ts';
import type { Scenario } from '../../interop/model/scenario.ts';
import { Code } from '../../interop/model/status.ts';
import { chat, download, one, type Service, script, upload } from './service.ts';
import { source } from './source.ts';

/** So that a client that waits for more than there is comes to an end. */
const timeoutMs = 3_000;

/**
 * What the document says, and what the libraries' maintainers would rather have it say: "We should not use
 * UNIMPLEMENTED. […] We will change the spec." (grpc-node pull request 2772; grpc-go issue 7286)
 */
const codes = [Code.UNIMPLEMENTED, Code.INTERNAL] as const;

/** Too few and too many messages, where a side is to have exactly one. */
export function cardinality(service: Service): readonly Scenario[] {
  const { send, items } = service;
  return [
    requests(service, 'no-request', 'No request', []),
    requests(service, 'two-requests', 'Two requests', [send(1), send(2)]),
    ...([one, upload] as const).flatMap((types) => [
      responses(service, types, 'no-response', 'No response', [], []),
      responses(service, types, 'two-responses', 'Two responses', [send(1), send(2)], items(1, 2)),
    ]),
  ];
}

/** A client that takes the method for one that it streams to. */
function requests(
  { scenario, connects }: Service,
  word: string,
  what: string,
  steps: readonly ClientStep[],
): Scenario {
  const name = `cardinality/${word}`;
  return scenario({
    name,
    title: `${what} to a unary method: the server ends the call with UNIMPLEMENTED, or INTERNAL.`,
    source: source(
      'statusCodes',
      'Request cardinality violation (method requires exactly one request but client sent some other number of requests): UNIMPLEMENTED',
    ),
    connection: 'own',
    steps: [
      inTurn(connects, {
        spec: calling(one, steps, { types: upload, timeoutMs }),
        script: script(name, { receive: 1 }, end({ code: Code.ABORTED, message: 'it reached the handler' })),
        expect: { code: codes[0], orCodes: [codes[1]], responses: [], served: 'either' },
      }),
    ],
  });
}

/** A client that takes the method for one that gives one response. */
function responses(
  { scenario, send, connects }: Service,
  types: string,
  word: string,
  what: string,
  sent: readonly ServerStep[],
  crossed: readonly Message[],
): Scenario {
  const kind = types === one ? 'unary' : 'upload';
  const name = `cardinality/${word}-to-${kind}`;
  const method = types === one ? download : chat;
  return scenario({
    name,
    title: `${what} where a ${types === one ? 'unary call' : 'client-streaming call'} wants one: the client says UNIMPLEMENTED, or INTERNAL.`,
    source: source(
      'statusCodes',
      'Response cardinality violation (method requires exactly one response but server sent some other number of responses): UNIMPLEMENTED',
    ),
    connection: 'own',
    waits: true,
    steps: [
      inTurn(connects, {
        spec: calling(method, [send(1)], { types, timeoutMs }),
        script: script(name, receiveAll, ...sent, end()),
        expect: {
          code: Code.OK,
          responses: crossed,
          clientCodes: codes,
          // A client that has seen enough may end the call before the server has.
          served: sent.length > 1 ? 'either' : 'answered',
        },
      }),
    ],
  });
}
