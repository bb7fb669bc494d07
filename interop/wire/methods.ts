import { readMessage } from '../messages/read.ts';
import { detailsOf } from '../messages/status.ts';
import type { Types } from '../messages/types.ts';
import type { Json, Message } from '../model/message.ts';

/** Reads a message's bytes. Never throws. */
export type Read = (bytes: Buffer) => Message;

/** How the messages of methods are read. */
export interface Methods {
  /** `path` as in the request's `:path`: `/package.Service/Method`. Undefined: it is not described. */
  find(path: string): { readonly request: Read; readonly response: Read } | undefined;
  /** What a `google.rpc.Status` carries. Never throws. */
  details(status: Buffer): readonly Json[];
}

export function methodsOf(types: Types): Methods {
  return {
    find(path) {
      const method = types.methods.get(path);
      return (
        method && {
          request: (bytes) => readMessage(method.request, bytes.toString('base64'), types),
          response: (bytes) => readMessage(method.response, bytes.toString('base64'), types),
        }
      );
    },
    details: (status) => detailsOf(status, types.registry),
  };
}
