import type { Source } from '../../interop/model/scenario.ts';

/** The documents that scenarios rest on; the second argument is the sentence itself. */
const documents = {
  http2: 'https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md',
  connectivity: 'https://github.com/grpc/grpc/blob/master/doc/connectivity-semantics-and-api.md',
  semantics: 'https://www.rfc-editor.org/rfc/rfc9110#section-4.3.4',
  contract: 'docs/peer-contract.md',
  peerProto: 'proto/peer.proto',
} as const;

/** A quotation with its address. */
export function source(document: keyof typeof documents, text: string): Source {
  return { text, link: documents[document] };
}
