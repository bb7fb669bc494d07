import type { Metadatum } from '../model/call.ts';
import type { Expectation, Scenario } from '../model/scenario.ts';
import { Code, type CodeName } from '../model/status.ts';
import { binary, call, inTurn, scenario, text } from './build.ts';
import { source } from './source.ts';

/** Tells the server to end the call so. */
function ending(
  code: Code,
  message: string,
  more: readonly Metadatum[] = [],
  wanted: Partial<Expectation> = {},
) {
  const metadata = [
    text('stitch-status-code', String(code)),
    binary('stitch-status-message-bin', Buffer.from(message)),
    ...more,
  ];
  return inTurn({
    spec: call('Stitch', { metadata }),
    expect: { code, message, served: 'answered', ...wanted },
  });
}

const needs = { client: ['metadata'], server: ['status'] } as const;

const codes = (Object.keys(Code) as CodeName[])
  .filter((name) => name !== 'OK')
  .map((name) =>
    scenario({
      name: `status/${name.toLowerCase().replaceAll('_', '-')}`,
      title: `A server that ends the call with ${name} gives the client ${name}.`,
      source: source('statusCodes', 'The server-side can choose the status it returns for a given RPC.'),
      needs,
      steps: [ending(Code[name], 'as told')],
    }),
  );

const texts: readonly (readonly [word: string, what: string, message: string])[] = [
  ['message-empty', 'An empty message', ''],
  ['message-long', 'A message of 2,000 characters', 'noise '.repeat(333).concat('!!')],
  ['message-percent', 'A message with percent signs', '100% of 50%25 is %zz, %'],
  ['message-line-breaks', 'A message with line breaks and tabs', 'first\nsecond\r\n\tthird'],
  ['message-cjk', 'A message in Chinese', '找不到實驗'],
  ['message-emoji', 'A message with emoji', 'gone 👩‍👩‍👧‍👦 fishing 🎣'],
];

const messages = texts.map(([word, what, message]) =>
  scenario({
    name: `status/${word}`,
    title: `${what} arrives as it was sent.`,
    source: source(
      'http2',
      'The value portion of Status-Message is conceptually a Unicode string description of the error, physically encoded as UTF-8 followed by percent-encoding.',
    ),
    needs,
    steps: [ending(Code.FAILED_PRECONDITION, message)],
  }),
);

const afterHeaders = scenario({
  name: 'status/after-headers',
  title: 'A status that follows headers already sent arrives as it was sent.',
  source: source('http2', 'Response → (Response-Headers *Length-Prefixed-Message Trailers) / Trailers-Only'),
  needs,
  steps: [
    ending(Code.ABORTED, 'changed my mind', [text('stitch-send-headers', 'now')], { headersFirst: true }),
  ],
});

/** Statuses that the server chooses. */
export const status: readonly Scenario[] = [...codes, ...messages, afterHeaders];
