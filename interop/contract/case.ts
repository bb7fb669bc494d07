/** One case in YAML → a scenario: it says once what happens, and both halves follow. */
import type { Node } from 'yaml';
import type { Method } from '../messages/types.ts';
import type { PlannedCall, Scenario } from '../model/scenario.ts';
import { type Builder, end, inTurn } from './builder.ts';
import type { CaseFile } from './cases.ts';
import { endingOf } from './ending.ts';
import { exchangeOf } from './exchange.ts';
import { expectationOf } from './expectation.ts';
import { matchKeys } from './match.ts';
import { metadataOf } from './metadata.ts';
import type { Reading } from './reading.ts';
import { slugOf } from './slug.ts';
import { durationOf, textOf } from './source-node.ts';

/** What a case may say. */
export const caseKeys = [
  'name',
  'title',
  'method',
  'request',
  'requests',
  'response',
  'responses',
  'exchange',
  'status',
  'metadata',
  'headers',
  'trailers',
  'timeout',
  'delay',
  'cancel',
  'compression',
  ...matchKeys,
  'expect',
] as const;

/** Throws a UsageError with file and line of what is wrong. */
export function scenarioOf(
  file: CaseFile,
  node: Node,
  members: ReadonlyMap<string, Node>,
  method: Method,
  builder: Builder,
): Scenario {
  const reading: Reading = { file, node, members, method, builder };
  const word = textOf(file, members.get('name') ?? node, 'name');
  const name = `${file.group}/${slugOf(word)}`;
  const title = members.get('title');
  const isTimed = ['timeout', 'delay', 'cancel'].some((key) => members.has(key));
  return builder.scenario({
    name,
    title: title ? textOf(file, title, 'title') : `${method.path.slice(1)}: ${word}.`,
    source: { text: word, link: file.placeOf(node) },
    steps: [inTurn(plannedCall(reading, name))],
    ...(!file.isScripted && { isService: true }),
    ...(isTimed && { connection: 'own', waits: true }),
  });
}

function plannedCall(reading: Reading, name: string): PlannedCall {
  const { file, members, method } = reading;
  const exchange = exchangeOf(reading);
  const status = endingOf(reading, members.get('status'));
  const trailers = metadataOf(reading, 'trailers');
  const headers = metadataOf(reading, 'headers');
  const timeout = members.get('timeout');
  const compression = members.get('compression');
  if (compression && textOf(file, compression, 'compression') !== 'gzip')
    throw file.wrong(compression, 'compression: wanted gzip');
  return {
    spec: {
      method: method.path,
      metadata: metadataOf(reading, 'metadata') ?? [],
      ...(timeout && { timeoutMs: durationOf(file, timeout, 'timeout') }),
      ...(compression && { compression: 'gzip' }),
      steps: exchange.client,
    },
    script: {
      name,
      steps: [
        ...(headers ? [{ headers }] : []),
        ...exchange.server,
        end({ ...status.end, trailers: trailers ?? [] }),
      ],
    },
    expect: expectationOf(reading, exchange, status, headers, trailers),
  };
}
