import { calling, receiveAll } from '../../interop/contract/builder.ts';
import type { Scenario } from '../../interop/model/scenario.ts';
import {
  fullDuplexCall,
  payload,
  type Service,
  script,
  streamingInputCall,
  streamingOutputCall,
} from './service.ts';

/** Sizes of bodies, there and back. */
const requests = [27_182, 8, 1_828, 45_904];
const responses = [31_415, 9, 2_653, 58_979];

/** Streams in either direction and in both. */
export function streaming(service: Service): readonly Scenario[] {
  return [clientStreaming(service), serverStreaming(service), pingPong(service), emptyStream(service)];
}

function clientStreaming({ official, send, answer, answered }: Service): Scenario {
  const aggregated_payload_size = requests.reduce((sum, size) => sum + size);
  return official(
    {
      word: 'client_streaming',
      title: 'The server adds the sizes of four requests up: 74,922 bytes.',
      says: 'This test verifies that client-only streaming succeeds.',
    },
    answered(
      calling(
        streamingInputCall,
        requests.map((size) => send(streamingInputCall, payload(size))),
      ),
      script('testing/client_streaming', receiveAll, answer(streamingInputCall, { aggregated_payload_size })),
    ),
  );
}

function serverStreaming({ official, send, answer, answered }: Service): Scenario {
  const response_parameters = responses.map((size) => ({ size }));
  return official(
    {
      word: 'server_streaming',
      title: 'Four responses arrive, each as large as it was asked for.',
      says: 'This test verifies that server-only streaming succeeds.',
    },
    answered(
      calling(streamingOutputCall, [send(streamingOutputCall, { response_parameters })]),
      script(
        'testing/server_streaming',
        { receive: 1 },
        ...responses.map((size) => answer(streamingOutputCall, payload(size))),
      ),
    ),
  );
}

function pingPong({ official, send, answer, answered }: Service): Scenario {
  return official(
    {
      word: 'ping_pong',
      title: 'Four times a request and, before the next one, the response to it.',
      says: 'This test verifies that full duplex bidi is supported.',
    },
    answered(
      calling(
        fullDuplexCall,
        requests.flatMap((size, index) => [
          send(fullDuplexCall, { response_parameters: [{ size: responses[index] ?? 0 }], ...payload(size) }),
          { receive: 1 },
        ]),
      ),
      script(
        'testing/ping_pong',
        ...responses.flatMap((size) => [{ receive: 1 }, answer(fullDuplexCall, payload(size))]),
        receiveAll,
      ),
    ),
  );
}

function emptyStream({ official, answered }: Service): Scenario {
  return official(
    {
      word: 'empty_stream',
      title: 'A stream without a message in either direction ends with OK.',
      says: 'This test verifies that streams support having zero-messages in both directions.',
    },
    answered(calling(fullDuplexCall, [{ close: true }]), script('testing/empty_stream', receiveAll)),
  );
}
