import { binary, calling, end, receiveAll, text } from '../../interop/contract/builder.ts';
import type { PlannedCall, Scenario } from '../../interop/model/scenario.ts';
import {
  fullDuplexCall,
  largeRequest,
  largeResponse,
  payload,
  type Service,
  script,
  unaryCall,
} from './service.ts';

const headers = [text('x-grpc-test-echo-initial', 'test_initial_metadata_value')];
/** The document says 0xababab; what gRPC publishes for C, Go and Java sends this. */
const trailers = [binary('x-grpc-test-echo-trailing-bin', Buffer.from('0a0b0a0b0a0b', 'hex'))];
const metadata = [...headers, ...trailers];
const echoed: Partial<PlannedCall['expect']> = { metadata, headers, trailers };

/** Metadata there and back. */
export function customMetadata({ official, send, answer, answered }: Service): Scenario {
  return official(
    {
      word: 'custom_metadata',
      title:
        'A header and a binary trailer come back as they were sent, from a unary call and from a stream.',
      says: 'This test verifies that custom metadata in either binary or ascii format can be sent as initial-metadata by the client and as both initial- and trailing-metadata by the server.',
    },
    answered(
      calling(unaryCall, [send(unaryCall, { response_size: largeResponse, ...payload(largeRequest) })], {
        metadata,
      }),
      script(
        'testing/custom_metadata/unary',
        { headers },
        { receive: 1 },
        answer(unaryCall, payload(largeResponse)),
        end({ trailers }),
      ),
      echoed,
    ),
    answered(
      calling(
        fullDuplexCall,
        [
          send(fullDuplexCall, {
            response_parameters: [{ size: largeResponse }],
            ...payload(largeRequest),
          }),
        ],
        { metadata },
      ),
      script(
        'testing/custom_metadata/stream',
        { headers },
        { receive: 1 },
        answer(fullDuplexCall, payload(largeResponse)),
        receiveAll,
        end({ trailers }),
      ),
      echoed,
    ),
  );
}
