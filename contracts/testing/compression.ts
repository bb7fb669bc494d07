import { calling, end } from '../../interop/contract/builder.ts';
import type { PlannedCall, Scenario } from '../../interop/model/scenario.ts';
import { Code } from '../../interop/model/status.ts';
import { largeRequest, largeResponse, payload, type Service, script, unaryCall } from './service.ts';

/**
 * Of the four cases those in which a call is compressed or is not. Those of a stream in which one message is
 * and the next is not (client_compressed_streaming, server_compressed_streaming) need an option for each message,
 * which most libraries do not have.
 */
export function compression(service: Service): readonly Scenario[] {
  return [clientCompressed(service), serverCompressed(service)];
}

function clientCompressed({ official, send, answer, answered }: Service): Scenario {
  const name = 'testing/client_compressed_unary';
  const call = (value: boolean, more = {}) =>
    calling(
      unaryCall,
      [
        send(unaryCall, {
          expect_compressed: { value },
          response_size: largeResponse,
          ...payload(largeRequest),
        }),
      ],
      more,
    );
  const accepts = script(name, { receive: 1 }, answer(unaryCall, payload(largeResponse)));
  const probe: PlannedCall = {
    spec: call(true),
    script: script(`${name}/probe`, { receive: 1 }, end({ code: Code.INVALID_ARGUMENT })),
    expect: { code: Code.INVALID_ARGUMENT, responses: [], served: 'answered' },
  };
  return official(
    {
      word: 'client_compressed_unary',
      title:
        'A compressed request and a plain one arrive, and a plain one that should be compressed is refused.',
      says: 'This test verifies the client can compress unary messages by sending two unary calls, for compressed and uncompressed payloads.',
      // What the server takes a client may have been told by earlier calls.
      connection: 'own',
    },
    probe,
    answered(call(true, { compression: 'gzip' }), accepts),
    answered(call(false), accepts),
  );
}

function serverCompressed({ official, send, answer, answered }: Service): Scenario {
  const name = 'testing/server_compressed_unary';
  const call = (value: boolean) =>
    calling(unaryCall, [
      send(unaryCall, {
        response_compressed: { value },
        response_size: largeResponse,
        ...payload(largeRequest),
      }),
    ]);
  const steps = [{ receive: 1 }, answer(unaryCall, payload(largeResponse))] as const;
  return official(
    {
      word: 'server_compressed_unary',
      title: 'A response comes compressed when that is asked for, and plain when that is.',
      says: "This test verifies the server can compress unary messages. It sends two unary requests, expecting the server's response to be compressed or not according to the `response_compressed` boolean.",
    },
    answered(
      call(true),
      { ...script(name, ...steps), compression: 'gzip' },
      { responseEncoding: 'gzip', responseFlag: 1 },
    ),
    answered(call(false), script(`${name}/plain`, ...steps), { responseFlag: 0 }),
  );
}
