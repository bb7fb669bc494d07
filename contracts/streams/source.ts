import type { Source } from '../../interop/model/scenario.ts';

const documents = {
  http2: 'https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md',
  statusCodes: 'https://github.com/grpc/grpc/blob/master/doc/statuscodes.md',
  rfc9113: 'https://www.rfc-editor.org/rfc/rfc9113#section-8.1',
  concepts: 'https://grpc.io/docs/what-is-grpc/core-concepts/',
  flowControl: 'https://grpc.io/docs/guides/flow-control/',
  cancellation: 'https://grpc.io/docs/guides/cancellation/',
  contract: 'docs/peer-contract.md',
} as const;

/** A quotation with its address. */
export function source(document: keyof typeof documents, text: string): Source {
  return { text, link: documents[document] };
}
