import { calling } from '../../interop/contract/builder.ts';
import type { Scenario } from '../../interop/model/scenario.ts';
import {
  emptyCall,
  largeRequest,
  largeResponse,
  payload,
  type Service,
  script,
  unaryCall,
} from './service.ts';

/** One request, one response. */
export function unary({ official, send, answer, answered }: Service): readonly Scenario[] {
  return [
    official(
      {
        word: 'empty_unary',
        title: 'A request of no bytes is answered with a response of no bytes.',
        says: 'This test verifies that implementations support zero-size messages.',
      },
      answered(
        calling(emptyCall, [send(emptyCall, {})]),
        script('testing/empty_unary', { receive: 1 }, answer(emptyCall, {})),
      ),
    ),
    official(
      {
        word: 'large_unary',
        title: '271,828 bytes arrive at the server, and 314,159 at the client.',
        says: 'This test verifies unary calls succeed in sending messages, and touches on flow control (even if compression is enabled on the channel).',
      },
      answered(
        calling(unaryCall, [send(unaryCall, { response_size: largeResponse, ...payload(largeRequest) })]),
        script('testing/large_unary', { receive: 1 }, answer(unaryCall, payload(largeResponse))),
      ),
    ),
  ];
}
