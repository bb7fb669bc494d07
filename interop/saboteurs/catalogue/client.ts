/** Who lies as a client, in what it reports and does. */
import {
  allRows,
  answered,
  broken,
  client,
  failed,
  firstRow,
  late,
  type Saboteur,
  strangers,
} from './saboteur.ts';
import { allCodesButUnknown, escaped, messages } from './statuses.ts';

const answersOfClient: readonly Saboteur[] = [
  client('reads-wrong-id', 'Reads each id wrong.', [failed('both', ...allRows)]),
  client('loses-zero', 'Takes a response of id 0 for no response.', [failed('both', ...firstRow)]),
  client('reports-response-beside-error', 'Reports a response with every status.', [
    failed(
      'client',
      'unknown/*',
      'status/*',
      'deadline/passes',
      'cancel/*',
      'method/*',
      'size/*',
      'gzip/request',
      'restart/fails-fast',
    ),
  ]),
  client('invents-answers', 'Reports answers of the service to calls that it did not make.', [
    failed('server', ...allRows, 'unknown/*', 'status/*', 'size/under-4-mib'),
    failed('client', 'method/*', 'size/over-4-mib'),
  ]),
  client('calls-twice', 'Makes each call twice.', [
    // What is given up at once may end before its handler begins.
    failed('wire', 'streams/cancelled*'),
    failed('server', ...answered),
    failed('wire', 'method/*', 'size/over-4-mib', 'cardinality/*'),
  ]),
  client('retries-unavailable', 'Tries again what ended with UNAVAILABLE.', [
    failed('server', 'status/unavailable', 'streams/then-status'),
  ]),
  client('asks-for-lower-case', 'Sends names in lower case.', [
    failed('server', ...allRows),
    failed('server', 'status/*', 'unknown/nobody', 'unknown/*-blank', 'unknown/*nul*', 'unknown/*composed'),
  ]),
  client('trims-requests', 'Trims names before it sends them.', [
    failed('server', 'unknown/leading-blank', 'unknown/trailing-blank'),
  ]),
  client('asks-for-ascii', 'Sends names in ASCII.', [
    failed('server', ...['cjk', 'emoji', 'composed', 'decomposed'].map((word) => `unknown/${word}`)),
    failed('server', 'values/text'),
  ]),
  client('asks-composed', 'Brings names into composed form before it sends them.', [
    failed('server', 'unknown/decomposed', 'values/text'),
  ]),
  client('asks-up-to-nul', 'Sends names up to the first NUL.', [
    failed('server', 'unknown/embedded-nul', 'unknown/nul-behind', 'values/text'),
  ]),
  client('asks-for-somebody', 'Takes the empty name for a missing one.', [failed('server', 'unknown/empty')]),
];

const metadataOfClient: readonly Saboteur[] = [
  client('sends-no-metadata', 'Sends no request metadata of the application.', [
    failed('server', 'metadata/request-*', 'metadata/200-keys', 'metadata/large', 'testing/custom_metadata'),
  ]),
  client('sends-first-values', 'Sends the first value of each metadata key.', [
    failed('server', 'metadata/request-repeated'),
  ]),
  client('sends-high-bits-cleared', 'Sends binary metadata as 7-bit text.', [
    failed('server', 'metadata/request-binary'),
  ]),
  client('reports-first-values', 'Reports the first value of each key of the response.', [
    failed('client', 'metadata/*er-repeated', 'details/with-trailers'),
  ]),
  client('reports-base64', 'Does not decode binary metadata.', [
    failed('client', 'metadata/*er-binary', 'details/with-trailers'),
  ]),
  client('reports-no-headers', 'Reports no response headers.', [
    failed('client', 'metadata/header-*', 'metadata/large', 'streams/headers-first'),
  ]),
  client('reports-no-trailers', 'Reports no response trailers.', [
    failed('client', 'metadata/trailer-*', 'streams/headers-first', 'streams/then-status'),
    failed('client', 'details/with-trailers'),
  ]),
  client('takes-headers-for-trailers', 'Reports response headers among the trailers.', [
    failed('client', 'metadata/header-*', 'metadata/large', 'streams/headers-first'),
  ]),
];

const statusesOfClient: readonly Saboteur[] = [
  client('reports-unknown', 'Reports every status but OK as UNKNOWN.', [
    failed(
      'client',
      ...allCodesButUnknown,
      ...strangers,
      'deadline/passes',
      'cancel/*',
      'method/*',
      'size/over-4-mib',
      'restart/fails-fast',
      'streams/*cancelled*',
      'streams/deadline',
      'cardinality/*',
      'testing/cancel_*',
      'testing/timeout_on_sleeping_server',
      'testing/unimplemented_*',
      'testing/client_compressed_unary',
    ),
  ]),
  client('reports-names-of-http', 'Takes UNAUTHENTICATED for PERMISSION_DENIED.', [
    failed('both', 'status/unauthenticated'),
  ]),
  client('reports-no-message', 'Reports statuses without their message.', [
    failed('client', ...messages, ...strangers, 'method/*', 'testing/*_status_*', 'testing/status_*'),
  ]),
  client('decodes-no-percent', 'Reports status messages as they are on the wire.', [
    failed('client', ...escaped, 'testing/special_status_message'),
  ]),
  client('decodes-percent-twice', 'Decodes status messages twice.', [
    failed('client', ...escaped.filter((name) => name !== 'status/message-line-breaks')),
  ]),
  client('decodes-latin-1', 'Reads status messages as Latin-1.', [
    failed('client', 'status/message-cjk', 'status/message-emoji', 'details/with-trailers'),
  ]),
];

const timesOfClient: readonly Saboteur[] = [
  client('ignores-deadlines', 'Neither passes a deadline on nor ends a call at it, and is lost behind it.', [
    failed('server', 'deadline/arrives', 'deadline/thirty-days'),
    failed('wire', 'restart/wait-for-ready', 'cardinality/*'),
    broken('client', 'call', 'said nothing about call', 'deadline/passes', 'streams/deadline'),
  ]),
  client('passes-no-deadline-on', 'Does not pass deadlines on.', [
    failed('server', 'deadline/arrives', 'deadline/thirty-days'),
    failed('wire', 'deadline/passes', 'restart/wait-for-ready', 'streams/deadline', 'cardinality/*'),
  ]),
  client(
    'ends-late',
    'Ends calls 2.5 s after their deadline.',
    [failed('server', 'deadline/arrives'), failed('client', 'deadline/passes')],
    { isSlow: true, plays: ['deadline/*', 'pick/*'] },
  ),
  client('ends-early', 'Ends calls at half of their deadline.', [
    failed('server', 'deadline/arrives', 'deadline/thirty-days'),
    failed('client', 'deadline/passes', 'streams/deadline'),
    failed('wire', 'cardinality/*'),
  ]),
  client('sends-seconds', 'Sends milliseconds as seconds.', [
    failed('server', 'deadline/arrives', 'deadline/thirty-days'),
    failed('wire', 'deadline/passes', 'restart/wait-for-ready', 'streams/deadline', 'cardinality/*'),
  ]),
  client('timer-of-32-bits-too', 'Ends a call of thirty days at once.', [
    failed('client', 'deadline/thirty-days'),
  ]),
  client(
    'never-cancels',
    'Does not cancel.',
    [
      late('client', 'call', 'said nothing about call', 'cancel/*', 'streams/cancelled'),
      failed('wire', 'streams/upload-cancelled'),
    ],
    // One more silence, and it would not be tried again.
    { plays: ['cancel/*', 'streams/cancelled', 'streams/upload-cancelled', 'pick/*', 'streams/*-one'] },
  ),
  client('cancels-in-secret', 'Does not tell the server that it cancelled.', [
    failed('server', 'cancel/*', 'streams/*cancelled*', 'testing/cancel_after_first_response'),
  ]),
  client('has-no-clock', 'Reports that each call took no time.', [
    failed('client', 'deadline/passes', 'cancel/*', 'streams/deadline'),
  ]),
];

const othersOfClient: readonly Saboteur[] = [
  client('calls-what-it-knows', 'Calls the method that has the types, whatever the method.', [
    failed('client', 'method/*'),
    failed('wire', 'cardinality/*'),
  ]),
  client('cannot-gunzip-responses', 'Cannot read compressed responses.', [
    failed('client', 'gzip/response', 'testing/server_compressed_unary'),
  ]),
  client('flags-what-is-plain', 'Says of a plain request that it is compressed.', [
    failed('client', 'gzip/request', 'testing/client_compressed_unary'),
  ]),
  client('sends-1-mib', 'Sends messages of 1 MiB at most.', [failed('server', 'size/under-4-mib')]),
  client('mixes-up-records', 'Reports an answer under the id of another call.', [
    failed('both', 'load/100-at-once'),
  ]),
  client('tires-after-500-calls', 'Makes no more than 500 calls.', [failed('client', 'load/1000-calls')], {
    plays: ['load/1000-calls'],
  }),
  client('never-waits-for-ready', 'Fails at once though it was told to wait.', [
    failed('client', 'restart/wait-for-ready'),
  ]),
  client('always-waits-for-ready', 'Waits for a server though it was not told to.', [
    broken('client', 'call', 'said nothing about call', 'restart/fails-fast'),
  ]),
  client('gives-up-late', 'Fails 2.5 s after it could.', [failed('client', 'restart/fails-fast')], {
    isSlow: true,
    plays: ['restart/*', 'pick/*'],
  }),
  client('never-reconnects', 'Does not connect again when a connection is gone.', [
    broken('client', 'call', 'said nothing about call', 'restart/wait-for-ready', 'tls/recovers'),
  ]),
  client(
    'swallows-calls',
    'Makes no call and says nothing.',
    [
      broken(
        'client',
        'call',
        'said nothing about call',
        'pick/stitch',
        'pick/gigi',
        'method/unknown-method',
      ),
      broken('client', 'call', 'was silent in 3 cells in a row', 'method/unknown-service'),
    ],
    { plays: ['pick/stitch', 'pick/gigi', 'method/*'] },
  ),
];

/** Clients whose lies show in what they report or do; some show on the wire as well. */
export const clientCatalogue: readonly Saboteur[] = [
  ...answersOfClient,
  ...metadataOfClient,
  ...statusesOfClient,
  ...timesOfClient,
  ...othersOfClient,
];
