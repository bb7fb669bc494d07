import type { Source } from '../../interop/model/scenario.ts';

/** The documents that scenarios rest on; the second argument is the sentence itself. */
const documents = {
  http2: 'https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md',
  statusCodes: 'https://github.com/grpc/grpc/blob/master/doc/statuscodes.md',
  compression: 'https://github.com/grpc/grpc/blob/master/doc/compression.md',
  waitForReady: 'https://github.com/grpc/grpc/blob/master/doc/wait-for-ready.md',
  contract: 'docs/peer-contract.md',
  service: 'proto/expirement.proto',
} as const;

/** A quotation with its address. */
export function source(document: keyof typeof documents, text: string): Source {
  return { text, link: documents[document] };
}
