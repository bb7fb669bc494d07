/** Who lies in the bytes themselves, as data; a table, and so longer than other files. */
import type { Role } from '../../model/peer.ts';
import { both, broken, client, failed, failedBy, type More, type Saboteur, server } from './saboteur.ts';

/** Row 0, another row, a status that is all of an answer, and one behind headers. */
const brief: More = { plays: ['pick/cyber', 'pick/stitch', 'unknown/nobody', 'status/after-headers'] };
/** What brings a connection down is shown by one call behind another. */
const pair: More = { plays: ['pick/stitch', 'unknown/nobody'] };
/** One call of several is hit, and those behind it are not. */
const single: More = { plays: ['pick/truxx', 'pick/gigi', 'pick/stitch'] };
const gzip: More = { plays: ['gzip/*', 'testing/*_compressed_unary', 'pick/stitch'] };
const timed: More = { plays: ['deadline/arrives', 'deadline/passes', 'pick/stitch'] };

const everything = () => [failed('wire', '*')];
/** Every call has a request; among these, rows only have a response. */
const inMessages = (role: Role) => [failed('wire', role === 'server' ? 'pick/*' : '*')];

const eitherSide: readonly Saboteur[] = [
  ...both('sends-messages-twice', 'Sends each message twice.', inMessages, brief),
  ...both('promises-more-bytes', 'Sends a message that is shorter than its prefix says.', inMessages, brief),
  ...both('promises-fewer-bytes', 'Sends a message that is longer than its prefix says.', inMessages, brief),
  ...both('leaves-bytes-behind', 'Sends three bytes behind the message.', inMessages, brief),
  ...both('flags-with-2', 'Sets the Compressed-Flag to 2.', inMessages, brief),
  ...both('adds-a-field', 'Adds a field to each message that the service does not have.', inMessages, brief),
  ...both(
    'never-compresses',
    'Sends plain what was to be compressed.',
    (role) => [
      failed(
        'wire',
        ...(role === 'server'
          ? ['gzip/response', 'testing/server_compressed_unary']
          : ['gzip/request', 'testing/client_compressed_unary']),
      ),
    ],
    gzip,
  ),
  ...both('says-grpc-web', 'Names its content-type application/grpc-web+proto.', everything, brief),
  ...both('shouts-field-names', 'Sends a header name in capitals.', everything, brief),
  ...both('keeps-alive', 'Sends the header field connection: keep-alive.', everything, brief),
  ...both('miscounts-the-body', 'Sends a content-length that is not that of the body.', everything, pair),
  ...both('uses-an-unknown-index', 'Refers to a header field that is in no table.', everything, pair),
  ...both('breaks-a-header-block', 'Puts a PING into the middle of a header block.', everything, pair),
  ...both('pads-too-much', 'Sends DATA with more padding than there is room for.', inMessages, pair),
  ...both('sends-data-first', 'Sends DATA before HEADERS.', inMessages, pair),
  ...both('grants-nothing', 'Opens a window by 0 bytes.', everything, pair),
  ...both('grants-too-much', 'Opens a window beyond 2^31 - 1 bytes.', everything, pair),
  ...both('sends-frames-too-large', 'Sends a frame of more than 2^14 bytes.', everything, pair),
  ...both('sends-garbage', 'Sends garbage behind its SETTINGS.', everything, pair),
  ...both('sends-no-settings', 'Sends no SETTINGS.', everything, pair),
];

const messagesOfServer: readonly Saboteur[] = [
  server(
    'sends-another-id',
    'Records the right row and sends another id.',
    [failed('wire', 'pick/*')],
    brief,
  ),
  server(
    'moves-skill-to-4',
    'Sends the skill in a field of another number.',
    [failed('wire', 'pick/*')],
    brief,
  ),
  server('sends-id-as-text', 'Sends the id as a string.', [failed('wire', 'pick/*')], brief),
  server('sends-broken-utf-8', 'Sends a skill that is not UTF-8.', [failed('wire', 'pick/*')], brief),
  server('sends-ok-without-message', 'Sends OK and no message.', [failed('wire', 'pick/*')], brief),
  server(
    'says-gzip-and-sends-plain',
    'Says gzip and sends plain what would shrink.',
    [failed('wire', 'testing/server_compressed_unary')],
    gzip,
  ),
  {
    ...server(
      'compresses-unasked',
      'Compresses a response that was to be plain.',
      [failed('wire', 'testing/server_compressed_unary')],
      gzip,
    ),
    name: 'compresses-what-is-to-be-plain',
  },
  server(
    'says-gzip-and-deflates',
    'Says gzip and sends deflate.',
    [failed('wire', 'gzip/response', 'testing/server_compressed_unary')],
    gzip,
  ),
];

const headersOfServer: readonly Saboteur[] = [
  server('says-html', 'Names its content-type text/html.', everything(), brief),
  server('says-no-type', 'Sends no content-type.', everything(), brief),
  server('answers-404', 'Answers as a web server that finds nothing.', everything(), brief),
  server('answers-500', 'Answers as a web server that has failed.', everything(), brief),
  server('leaves-the-status-out', 'Sends trailers without grpc-status.', everything(), brief),
  server(
    'ends-with-data',
    'Ends with DATA, and sends no trailers.',
    [failed('wire', 'pick/*', 'status/after-headers')],
    brief,
  ),
  server('sends-an-empty-status', 'Sends an empty grpc-status.', everything(), brief),
  server('sends-a-status-word', 'Sends grpc-status as a word.', everything(), brief),
  server('sends-status-99', 'Sends grpc-status 99.', everything(), brief),
  server('sends-two-statuses', 'Sends grpc-status twice.', everything(), brief),
  server(
    'sends-the-status-first',
    'Sends grpc-status in the headers, and no trailers.',
    [failed('wire', 'pick/*', 'status/after-headers')],
    brief,
  ),
  server(
    'sends-raw-utf-8',
    'Does not escape what is not ASCII in status messages.',
    [failed('wire', 'status/message-cjk', 'status/message-emoji')],
    { plays: ['status/message-*', 'unknown/nobody'] },
  ),
  server(
    'sends-raw-bytes-in-bin',
    'Sends binary metadata that is not base64.',
    [failed('wire', 'metadata/header-binary', 'metadata/trailer-binary')],
    { plays: ['metadata/*', 'pick/stitch'] },
  ),
  server(
    'puts-pseudo-fields-last',
    'Sends :status in the trailers.',
    [failed('wire', 'pick/*', 'status/after-headers')],
    brief,
  ),
  server(
    'shouts-trailers',
    'Sends Grpc-Status beside grpc-status.',
    [failed('wire', 'pick/*', 'status/after-headers')],
    brief,
  ),
];

const streamsOfServer: readonly Saboteur[] = [
  server(
    'resets-in-place-of-trailers',
    'Resets the stream with INTERNAL_ERROR in place of trailers.',
    [failed('wire', 'pick/*', 'status/after-headers')],
    brief,
  ),
  server(
    'ends-with-no-error',
    'Resets the stream with NO_ERROR in place of trailers.',
    [failed('wire', 'pick/*', 'status/after-headers')],
    brief,
  ),
  server(
    'refuses-behind-the-answer',
    'Refuses the stream behind its whole answer.',
    [failed('wire', 'pick/*', 'status/after-headers')],
    brief,
  ),
  server(
    'ends-behind-the-trailers',
    'Sends trailers that do not end the stream, and DATA that does.',
    [failed('wire', 'pick/*', 'status/after-headers')],
    brief,
  ),
  server(
    'talks-on',
    'Sends DATA on a stream that it has ended.',
    [failed('wire', 'pick/*', 'status/after-headers')],
    brief,
  ),
  server('answers-on-another-stream', 'Answers on a stream that nobody opened.', everything(), pair),
  server('pushes', 'Promises a push, though the client wants none.', everything(), pair),
  server('server-speaks-http-1', 'Answers in HTTP/1.1.', everything(), pair),
  server(
    'never-ends',
    'Sends one answer without its trailers.',
    [broken('server', 'call', 'recorded and did not answer', 'pick/truxx')],
    single,
  ),
  server(
    'hangs-up-in-a-message',
    'Ends the connection in the middle of a message.',
    [failed('wire', 'pick/truxx')],
    single,
  ),
  server(
    'tears-the-connection',
    'Resets the connection in the middle of a call.',
    [failed('wire', 'pick/truxx')],
    single,
  ),
  server(
    'goes-away-from-a-call',
    'Says GOAWAY(INTERNAL_ERROR) in the middle of a call that it has recorded.',
    [failed('wire', 'pick/truxx')],
    single,
  ),
];

const headersOfClient: readonly Saboteur[] = [
  client('sends-no-te', 'Sends no te: trailers.', everything(), brief),
  client('says-json', 'Names its content-type application/json.', everything(), brief),
  client('says-no-request-type', 'Sends no content-type.', everything(), brief),
  client('gets', 'Sends GET in place of POST.', everything(), brief),
  client('calls-in-lower-case', 'Sends paths in lower case.', everything(), brief),
  client('adds-a-query', 'Sends paths with a query behind them.', everything(), brief),
  client('sends-decimal-timeouts', 'Sends deadlines like 1.5S.', [failed('wire', 'deadline/*')], timed),
  client('sends-9-digits', 'Sends deadlines of nine digits.', [failed('wire', 'deadline/*')], timed),
  client(
    'sends-timeouts-without-unit',
    'Sends deadlines without a unit.',
    [failed('wire', 'deadline/*')],
    timed,
  ),
  client(
    'repeats-metadata',
    'Sends each metadata entry of the application twice.',
    [failed('wire', 'metadata/request-*'), failed('server', 'metadata/200-keys')],
    { plays: ['metadata/request-*', 'metadata/200-keys', 'pick/stitch'] },
  ),
  client(
    'compresses-without-saying',
    'Sends compressed requests without grpc-encoding.',
    [failed('wire', 'gzip/request', 'testing/client_compressed_unary')],
    gzip,
  ),
];

const streamsOfClient: readonly Saboteur[] = [
  client('sends-no-message', 'Sends no message.', everything(), brief),
  client('sends-latin-1', 'Sends names in Latin-1.', [failed('wire', 'unknown/composed')], {
    plays: ['unknown/composed', 'unknown/nobody', 'pick/stitch'],
  }),
  client(
    'never-half-closes',
    'Does not end one of its requests.',
    [broken('client', 'call', 'said nothing about call', 'pick/truxx')],
    single,
  ),
  client(
    'hangs-up-in-a-call',
    'Ends its connection in the middle of a call.',
    [failed('wire', 'pick/truxx')],
    single,
  ),
  client(
    'tears-its-connection',
    'Resets its connection in the middle of a call.',
    [failed('wire', 'pick/truxx')],
    single,
  ),
  client(
    'goes-away-in-a-call',
    'Says GOAWAY with an error in the middle of a call.',
    [failed('wire', 'pick/truxx')],
    single,
  ),
  client('uses-even-streams', 'Opens streams of even numbers.', everything(), pair),
  client('sends-no-preface', 'Sends no preface.', everything(), pair),
  client('client-speaks-http-1', 'Asks in HTTP/1.1.', everything(), pair),
  client('probes-first', 'Calls another method before each call.', everything(), brief),
  client('cancels-and-calls-again', 'Cancels each call at once and makes it again.', everything(), brief),
  client(
    'remembers-answers',
    'Reports the answer to an earlier call of the same name.',
    [failed('wire', 'load/100-at-once')],
    { plays: ['pick/*', 'load/100-at-once'] },
  ),
];

/** With itself each of them is content, and only the wire knows better. */
const bothSides: readonly Saboteur[] = [
  {
    name: 'swaps-fields',
    lie: 'swaps-fields',
    role: 'both',
    does: 'Takes field 1 of a row for its skill and field 3 for its name, in either role.',
    breaks: [
      { ...failed('wire', 'pick/*'), as: 'server' },
      { ...failed('client', 'pick/*'), as: 'client' },
      { ...failedBy('server', 'wire', 'pick/*'), as: 'itself' },
    ],
    ...brief,
  },
  {
    name: 'asks-in-field-2',
    lie: 'asks-in-field-2',
    role: 'both',
    does: 'Takes field 2 of a request for the name, in either role.',
    breaks: [
      { ...failed('server', '*'), as: 'server' },
      { ...failed('wire', '*'), as: 'client' },
      { ...failedBy('client', 'wire', '*'), as: 'itself' },
    ],
    ...brief,
  },
];

/** Those whose lies are in the bytes, whatever is recorded and reported. */
export const wireCatalogue: readonly Saboteur[] = [
  ...eitherSide,
  ...messagesOfServer,
  ...headersOfServer,
  ...streamsOfServer,
  ...headersOfClient,
  ...streamsOfClient,
  ...bothSides,
];
