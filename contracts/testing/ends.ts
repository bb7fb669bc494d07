import { calling, receiveAll } from '../../interop/contract/builder.ts';
import type { Scenario } from '../../interop/model/scenario.ts';
import { Code } from '../../interop/model/status.ts';
import { fullDuplexCall, payload, type Service, script, streamingInputCall } from './service.ts';

const [request, response] = [27_182, 31_415];

/** Calls that the client ends. */
export function ends(service: Service): readonly Scenario[] {
  return [cancelAfterBegin(service), cancelAfterFirstResponse(service), timeout(service)];
}

function cancelAfterBegin({ official, answer, answered }: Service): Scenario {
  return official(
    {
      word: 'cancel_after_begin',
      title: 'A call that is cancelled before its first message is CANCELLED.',
      says: 'This test verifies that a request can be cancelled after metadata has been sent but before payloads are sent.',
      connection: 'own',
    },
    answered(
      calling(streamingInputCall, [{ cancel: true }]),
      script('testing/cancel_after_begin', receiveAll, answer(streamingInputCall, {})),
      // A library may give it up before it has sent anything.
      { code: Code.CANCELLED, responses: [], served: 'either' },
    ),
  );
}

function cancelAfterFirstResponse({ official, send, answer, answered }: Service): Scenario {
  return official(
    {
      word: 'cancel_after_first_response',
      title: 'A call that is cancelled behind its first response is CANCELLED.',
      says: 'This test verifies that a request can be cancelled after receiving a message from the server.',
      connection: 'own',
    },
    answered(
      calling(fullDuplexCall, [
        send(fullDuplexCall, { response_parameters: [{ size: response }], ...payload(request) }),
        { receive: 1 },
        { cancel: true },
      ]),
      script(
        'testing/cancel_after_first_response',
        { receive: 1 },
        answer(fullDuplexCall, payload(response)),
        receiveAll,
      ),
      { code: Code.CANCELLED, served: 'cancelled' },
    ),
  );
}

function timeout({ official, send, answered }: Service): Scenario {
  return official(
    {
      word: 'timeout_on_sleeping_server',
      title: 'A call with a deadline of 1 ms, to which the server sends nothing, is DEADLINE_EXCEEDED.',
      says: 'This test verifies that an RPC request whose lifetime exceeds its configured timeout value will end with the DeadlineExceeded status.',
      connection: 'own',
    },
    answered(
      // It waits with its half-close, or an answer would be due.
      calling(fullDuplexCall, [send(fullDuplexCall, payload(request)), receiveAll], { timeoutMs: 1 }),
      script('testing/timeout_on_sleeping_server', receiveAll),
      // The deadline may have passed before anything is sent.
      { code: Code.DEADLINE_EXCEEDED, served: 'either' },
    ),
  );
}
