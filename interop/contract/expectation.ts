import type { Node } from 'yaml';
import type { Metadatum } from '../model/call.ts';
import type { Expectation } from '../model/scenario.ts';
import { Code } from '../model/status.ts';
import { closest } from './closest.ts';
import { type Ending, endingOf } from './ending.ts';
import { cancelOf, type Exchange } from './exchange.ts';
import { matchKeys, matchOf } from './match.ts';
import { metadataOf } from './metadata.ts';
import type { Reading } from './reading.ts';
import { itemsOf, membersOf, textOf } from './source-node.ts';
import { yamlPayload } from './yaml-message.ts';

/** What must come of it: what is said, and where client and server differ, what `expect` says. */
export function expectationOf(
  reading: Reading,
  { responses }: Exchange,
  status: Ending,
  headers: readonly Metadatum[] | undefined,
  trailers: readonly Metadatum[] | undefined,
): Expectation {
  const { file, members, method, builder } = reading;
  const metadata = metadataOf(reading, 'metadata');
  const sent = responses.map(({ json }) => ({ json }));
  const node = members.get('expect');
  const common = {
    ...(metadata && { metadata }),
    ...(headers && { headers }),
    ...(trailers && { trailers }),
  };
  if (!node && members.has('cancel'))
    return {
      code: Code.CANCELLED,
      responses: cancelledAfter(reading, sent),
      served: 'cancelled',
      ...(metadata && { metadata }),
    };
  if (!node)
    return {
      code: status.code,
      ...(status.message !== undefined && { message: status.message }),
      ...(status.details && { details: status.details }),
      responses: sent,
      ...matchOf(file, members, method, sent),
      served: 'answered',
      ...common,
    };
  const twin = matchKeys.find((key) => members.has(key));
  if (twin)
    throw file.wrong(
      members.get(twin),
      `"${twin}" is of what is in "response", and "expect" says that otherwise`,
    );
  const expect = membersOf(file, node, 'expect', ['status', 'served', 'requests', 'responses']);
  const ending = endingOf(reading, expect.get('status'));
  const served = expect.get('served');
  const listOf = (key: 'requests' | 'responses') => {
    const list = expect.get(key);
    const type = key === 'requests' ? method.request : method.response;
    return (
      list &&
      itemsOf(file, list, `expect.${key}`).map((each) => ({
        json: yamlPayload(file, each, type, builder.types.registry).json,
      }))
    );
  };
  const requests = listOf('requests');
  return {
    code: ending.code,
    ...(ending.message !== undefined && { message: ending.message }),
    ...(ending.details && { details: ending.details }),
    ...(requests && { requests }),
    responses: listOf('responses') ?? [],
    served: served ? servedOf(reading, served) : 'answered',
    ...(metadata && { metadata }),
  };
}

/** What came before the client cancelled. */
function cancelledAfter(reading: Reading, sent: Expectation['responses']): Expectation['responses'] {
  const [step] = cancelOf(reading);
  return step && 'receive' in step ? sent.slice(0, step.receive) : [];
}

const servedWords = ['answered', 'cancelled', 'never', 'either'] as const;

function servedOf({ file }: Reading, node: Node): Expectation['served'] {
  const word = textOf(file, node, 'expect.served');
  const found = servedWords.find((each) => each === word);
  if (found) return found;
  throw file.wrong(
    node,
    `expect.served: wanted ${servedWords.join(', ')}, got ${word}${closest(word, servedWords)}`,
  );
}
