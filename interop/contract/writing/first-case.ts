/** A first case of a method: what its descriptor says, and values made up. */
import type { Registry } from '@bufbuild/protobuf';
import type { Method } from '../../messages/types.ts';
import { givesOneResponse, takesOneRequest } from '../../model/method.ts';
import { slugOf } from '../slug.ts';
import type { CaseText } from './case-text.ts';
import { exampleOf } from './example.ts';
import { yamlValue } from './yaml-value.ts';

/** Of what is streamed there are two messages. */
export function firstCase({ kind, request, response }: Method, registry: Registry): CaseText {
  const example = (type: Method['request'], nth: number) => yamlValue(exampleOf(type, nth), type, registry);
  const both = (type: Method['request']) => [example(type, 0), example(type, 1)];
  return {
    name: 'first',
    ...(takesOneRequest(kind) ? { request: example(request, 0) } : { requests: both(request) }),
    ...(givesOneResponse(kind) ? { response: example(response, 0) } : { responses: both(response) }),
  };
}

/** A name for the file of each method, without its ending, as short as they can be told apart by: `charge`, `payments-charge`, `shop-v1-payments-charge`. */
export function fileNames(methods: readonly Method[]): ReadonlyMap<Method, string> {
  const forms = [/^.*\//, /^.*\.(?=[^.]*\/)/, /^\//].map(
    (left) => (method: Method) => fileName(method.path.replace(left, '')),
  );
  const form = forms.find((each) => new Set(methods.map(each)).size === methods.length) ?? forms.at(-1);
  return new Map(methods.map((method) => [method, form?.(method) ?? '']));
}

/** `Payments/ListCharges` → `payments-list-charges`. */
function fileName(text: string): string {
  return slugOf(text.replaceAll(/(?<=[a-z0-9])(?=[A-Z])/g, '-'));
}
