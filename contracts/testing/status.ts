import { calling, end } from '../../interop/contract/builder.ts';
import type { PlannedCall, Scenario } from '../../interop/model/scenario.ts';
import { Code } from '../../interop/model/status.ts';
import {
  fullDuplexCall,
  type Service,
  script,
  unaryCall,
  unimplementedCall,
  unimplementedService,
} from './service.ts';

/** Statuses that the request asks for, and that of methods that no server has. */
export function status(service: Service): readonly Scenario[] {
  const { official } = service;
  const plain = 'test status message';
  const special = '\t\ntest with whitespace\r\nand Unicode BMP ☺ and non-BMP 😈\t\n';
  return [
    official(
      {
        word: 'status_code_and_message',
        title: 'Code and message that were asked for arrive, of a unary call and of a stream.',
        says: 'This test verifies unary calls succeed in sending messages, and propagate back status code and message sent along with the messages.',
      },
      echoes(service, 'testing/status_code_and_message/unary', unaryCall, plain),
      echoes(service, 'testing/status_code_and_message/stream', fullDuplexCall, plain),
    ),
    official(
      {
        word: 'special_status_message',
        title: 'A message with white space, Unicode and emoji arrives as it was sent.',
        says: 'This test verifies Unicode and whitespace is correctly processed in status message.',
      },
      echoes(service, 'testing/special_status_message', unaryCall, special),
    ),
    official(
      {
        word: 'unimplemented_method',
        title: 'UNIMPLEMENTED for a method that is described and not implemented.',
        says: 'This test verifies that calling an unimplemented RPC method returns the UNIMPLEMENTED status code.',
      },
      unimplemented(service, unimplementedCall),
    ),
    official(
      {
        word: 'unimplemented_service',
        title: 'UNIMPLEMENTED for a service that is described and not implemented.',
        says: 'This test verifies calling an unimplemented server returns the UNIMPLEMENTED status code.',
      },
      unimplemented(service, unimplementedService),
    ),
  ];
}

/** "When the client sends a response_status in the request payload, the server closes the stream with the status code and messsage" */
function echoes({ send }: Service, name: string, path: string, message: string): PlannedCall {
  const code = Code.UNKNOWN;
  return {
    spec: calling(path, [send(path, { response_status: { code, message } })]),
    script: script(name, { receive: 1 }, end({ code, message })),
    expect: { code, message, responses: [], served: 'answered' },
  };
}

/** No script: whether its code or its library says so is a server's own affair. */
function unimplemented({ send }: Service, path: string): PlannedCall {
  return {
    spec: calling(path, [send(path, {})]),
    expect: { code: Code.UNIMPLEMENTED, responses: [], served: 'either' },
  };
}
