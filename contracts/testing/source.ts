import type { Source } from '../../interop/model/scenario.ts';

/** A sentence that the document says under the name of the case. */
export function source(word: string, text: string): Source {
  return {
    text,
    link: `https://github.com/grpc/grpc/blob/master/doc/interop-test-descriptions.md#${word}`,
  };
}
