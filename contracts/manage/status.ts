import { end, inTurn } from '../../interop/contract/builder.ts';
import type { Scenario, Step } from '../../interop/model/scenario.ts';
import { Code, type CodeName } from '../../interop/model/status.ts';
import type { Service } from './service.ts';
import { source } from './source.ts';

const texts: readonly (readonly [word: string, what: string, message: string])[] = [
  ['message-empty', 'An empty message', ''],
  ['message-long', 'A message of 2,000 characters', 'noise '.repeat(333).concat('!!')],
  ['message-percent', 'A message with percent signs', '100% of 50%25 is %zz, %'],
  ['message-line-breaks', 'A message with line breaks and tabs', 'first\nsecond\r\n\tthird'],
  ['message-cjk', 'A message in Chinese', '找不到實驗'],
  ['message-emoji', 'A message with emoji', 'gone 👩‍👩‍👧‍👦 fishing 🎣'],
];

/** Statuses that the server chooses. */
export function status(service: Service): readonly Scenario[] {
  return [...codes(service), ...messages(service), afterHeaders(service)];
}

/** The server ends the call so, by a script of that name. */
function ending({ call, script }: Service, name: string, code: Code, message: string): Step {
  return inTurn({
    spec: call('Stitch'),
    script: script(name, { end: end({ code, message }) }),
    expect: { code, message, responses: [], served: 'answered' },
  });
}

function codes(service: Service): readonly Scenario[] {
  const names = (Object.keys(Code) as CodeName[]).filter((name) => name !== 'OK');
  return names.map((code) => {
    const name = `status/${code.toLowerCase().replaceAll('_', '-')}`;
    return service.scenario({
      name,
      title: `A server that ends the call with ${code} gives the client ${code}.`,
      source: source('statusCodes', 'The server-side can choose the status it returns for a given RPC.'),
      steps: [ending(service, name, Code[code], 'as told')],
    });
  });
}

function messages(service: Service): readonly Scenario[] {
  return texts.map(([word, what, message]) => {
    const name = `status/${word}`;
    return service.scenario({
      name,
      title: `${what} arrives as it was sent.`,
      source: source(
        'http2',
        'The value portion of Status-Message is conceptually a Unicode string description of the error, physically encoded as UTF-8 followed by percent-encoding.',
      ),
      steps: [ending(service, name, Code.FAILED_PRECONDITION, message)],
    });
  });
}

function afterHeaders({ scenario, call, script }: Service): Scenario {
  const [code, message] = [Code.ABORTED, 'changed my mind'];
  return scenario({
    name: 'status/after-headers',
    title: 'A status that follows headers already sent arrives as it was sent.',
    source: source(
      'http2',
      'Response → (Response-Headers *Length-Prefixed-Message Trailers) / Trailers-Only',
    ),
    steps: [
      inTurn({
        spec: call('Stitch'),
        script: script('status/after-headers', { before: [{ headers: [] }], end: end({ code, message }) }),
        expect: { code, message, responses: [], served: 'answered', headersFirst: true },
      }),
    ],
  });
}
