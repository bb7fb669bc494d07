/** The saboteurs as data: who lies in which role, and what the harness must make of it. */
import {
  answered,
  both,
  broken,
  client,
  failed,
  rows,
  type Saboteur,
  server,
  strangers,
} from './saboteur.ts';

/** Scenarios in which row 0 is asked for: timed calls come behind a plain one. */
const firstRow = ['pick/cyber', 'deadline/passes', 'cancel/in-flight', 'load/*'];
const codes = [
  'cancelled',
  'unknown',
  'invalid-argument',
  'deadline-exceeded',
  'not-found',
  'already-exists',
  'permission-denied',
  'resource-exhausted',
  'failed-precondition',
  'aborted',
  'out-of-range',
  'unimplemented',
  'internal',
  'unavailable',
  'data-loss',
  'unauthenticated',
].map((code) => `status/${code}`);
/** Statuses that carry a message. */
const messages = [
  ...codes,
  'status/after-headers',
  ...['long', 'percent', 'line-breaks', 'cjk', 'emoji'].map((word) => `status/message-${word}`),
];
const allCodesButUnknown = [
  ...codes.filter((code) => code !== 'status/unknown'),
  'status/message-*',
  'status/after-headers',
];

/** What is enough to show that somebody is unruly: calls in turn, calls that wait beside them, steps of a server. */
const few = { plays: ['pick/*', 'deadline/passes', 'cancel/in-flight', 'restart/*', 'method/*'] };

const namesOfServer: readonly Saboteur[] = [
  server('wrong-id', 'Counts the rows from 1.', [failed('server', ...rows)]),
  server('wrong-name', 'Answers with the name in lower case.', [failed('server', ...rows)]),
  server('wrong-skill', 'Answers without the skill.', [failed('server', ...rows)]),
  server('corrects-spelling', 'Corrects a misspelt skill.', [failed('server', 'pick/truxx', 'load/*')]),
  server('zero-is-nothing', 'Takes id 0 for no row.', [failed('server', ...firstRow)]),
  server('always-answers', 'Answers with a row whatever the name.', [failed('server', ...strangers)]),
  server('nobody-is-fine', 'Answers OK with an empty row for a name that nobody has.', [
    failed('server', ...strangers),
  ]),
  server('other-words', 'Corrects the message that goes with NOT_FOUND.', [failed('server', ...strangers)]),
  server('reply-beside-error', 'Sends a row beside NOT_FOUND.', [
    failed('client', ...strangers, 'status/not-found'),
  ]),
  server('ignores-case', 'Compares names without regard to case.', [failed('server', 'unknown/other-case')]),
  server('trims-names', 'Trims names.', [
    failed('server', 'unknown/leading-blank', 'unknown/trailing-blank'),
  ]),
  server('composes-names', 'Brings names into composed form.', [failed('server', 'unknown/decomposed')]),
  server('decomposes-names', 'Brings names into decomposed form.', [failed('server', 'unknown/composed')]),
  server('drops-accented-letters', 'Compares the ASCII part of names.', [
    failed('server', 'unknown/composed', 'unknown/decomposed'),
  ]),
  server('stops-at-nul', 'Takes NUL for the end of a name.', [
    failed('server', 'unknown/embedded-nul', 'unknown/nul-behind'),
  ]),
  server('cuts-names', 'Cuts names at 1,024 characters.', [
    failed('server', 'unknown/64-kib', 'gzip/request', 'size/under-4-mib'),
  ]),
  server('reads-latin-1', 'Reads names as Latin-1.', [
    failed('server', ...['cjk', 'emoji', 'composed', 'decomposed'].map((word) => `unknown/${word}`)),
  ]),
  server('empty-is-first', 'Takes the empty name for the first row.', [failed('server', 'unknown/empty')]),
  server('looks-at-skills', 'Finds rows by their skill too.', [failed('server', 'unknown/skill')]),
];

const metadataOfServer: readonly Saboteur[] = [
  server('keeps-last-value', 'Keeps the last value of each metadata key.', [
    failed('server', 'metadata/request-repeated'),
    failed('client', 'metadata/header-repeated', 'metadata/trailer-repeated'),
  ]),
  server('reverses-values', 'Loses the order of the values of a metadata key.', [
    failed('server', 'metadata/request-repeated'),
    failed('client', 'metadata/header-repeated', 'metadata/trailer-repeated'),
  ]),
  server('clears-high-bits', 'Takes binary metadata for 7-bit text.', [
    failed('server', 'metadata/request-binary', 'status/message-cjk', 'status/message-emoji'),
    failed('client', 'metadata/header-binary', 'metadata/trailer-binary'),
  ]),
  server('reads-binary-as-text', 'Reads binary metadata as UTF-8.', [
    failed('server', 'metadata/request-binary'),
    failed('client', 'metadata/header-binary', 'metadata/trailer-binary'),
  ]),
  server('cuts-at-comma', 'Takes a comma for the end of a metadata value.', [
    failed('server', 'metadata/request-ascii'),
    failed('client', 'metadata/header-ascii', 'metadata/trailer-ascii'),
  ]),
  server('hides-request-metadata', 'Does not report request metadata.', [
    failed('server', 'metadata/request-*', 'metadata/200-keys'),
  ]),
  server('drops-headers', 'Sends no response headers.', [
    failed('client', 'metadata/header-*', 'metadata/large'),
  ]),
  server('drops-trailers', 'Sends no response trailers.', [failed('client', 'metadata/trailer-*')]),
  server('takes-128-entries', 'Takes no more than about 128 metadata entries.', [
    failed('server', 'metadata/200-keys'),
  ]),
  server('takes-4-kib', 'Drops metadata values of more than 4 KiB.', [failed('server', 'metadata/large')]),
];

const statusesOfServer: readonly Saboteur[] = [
  server('next-code', 'Sends the code behind the one that it records.', [
    failed('both', 'status/*', ...strangers),
  ]),
  server('empties-messages', 'Sends statuses without their message.', [failed('server', ...messages)]),
  server('fills-messages', 'Puts the name of the code where a message is empty.', [
    failed('server', 'status/message-empty'),
  ]),
  server('cuts-messages', 'Cuts status messages at 1,024 characters.', [
    failed('server', 'status/message-long'),
  ]),
  server('cuts-at-line-break', 'Cuts status messages at the first line break.', [
    failed('server', 'status/message-line-breaks'),
  ]),
  server('drops-astral', 'Replaces what does not fit into 16 bits in status messages.', [
    failed('server', 'status/message-emoji'),
  ]),
  server('sends-ascii-only', 'Sends status messages in ASCII.', [
    failed('both', 'status/message-cjk', 'status/message-emoji'),
  ]),
  server('leaves-percent', 'Does not escape the percent sign in status messages.', [
    failed('both', 'status/message-percent'),
  ]),
  server('loses-late-status', 'Ends a stream without a status when its headers are out.', [
    failed('client', 'status/after-headers'),
  ]),
];

const headersOfServer: readonly Saboteur[] = [
  server('holds-headers-back', 'Sends headers with the status, although told to send them before.', [
    failed('wire', 'status/after-headers'),
  ]),
];

const timesOfServer: readonly Saboteur[] = [
  server('sees-no-deadline', 'Does not read grpc-timeout.', [
    failed('server', 'deadline/arrives', 'deadline/thirty-days'),
  ]),
  server('sees-a-deadline-always', 'Takes no deadline for one that is far away.', [
    failed('server', 'deadline/none'),
  ]),
  server('reads-minutes', 'Takes seconds for minutes.', [
    failed('server', 'deadline/arrives', 'deadline/thirty-days'),
    failed('client', 'deadline/passes'),
  ]),
  server('timer-of-32-bits', 'Ends a call of thirty days at once.', [
    failed('client', 'deadline/thirty-days'),
  ]),
  server('never-notices', 'Does not notice the end of a call under its handler.', [
    failed('server', 'deadline/passes', 'cancel/in-flight'),
  ]),
];

const othersOfServer: readonly Saboteur[] = [
  server('serves-any-method', 'Serves every method with its one handler.', [failed('client', 'method/*')]),
  server('serves-any-service', 'Does not look at the name of the service.', [
    failed('client', 'method/unknown-service'),
  ]),
  server('silent-about-unknown', 'Does not answer calls of an unknown method.', [
    broken('server', 'call', 'neither answered nor recorded', 'method/*'),
  ]),
  server('takes-1-mib', 'Takes messages of 1 MiB at most.', [failed('client', 'size/under-4-mib')]),
  server('takes-anything', 'Takes messages of any size.', [failed('client', 'size/over-4-mib')]),
  server('cannot-gunzip', 'Cannot read compressed requests.', [failed('client', 'gzip/request')]),
  server('hides-encoding', 'Compresses a reply without saying with what.', [failed('client', 'gzip/reply')]),
  server('mixes-up-answers', 'Gives an answer to the wrong one of many calls.', [
    failed('both', 'load/100-at-once'),
  ]),
  server('tires-after-500', 'Answers no more than 500 calls.', [failed('both', 'load/1000-in-turn')], {
    plays: ['load/1000-in-turn'],
  }),
  server(
    'pretends-to-close',
    'Says that a listener has ended, and keeps it.',
    [failed('client', 'restart/fails-fast')],
    {
      plays: ['restart/fails-fast'],
    },
  ),
  server('never-comes-back', 'Says that it listens again, and does not.', [
    broken('server', 'call', 'neither answered nor recorded', 'restart/wait-for-ready'),
  ]),
];

const recordsOfServer: readonly Saboteur[] = [
  server('records-otherwise', 'Records another row than it sends.', [failed('both', ...rows)]),
  server('records-nothing', 'Leaves no record of what it served.', [failed('server', ...answered)]),
  server('records-twice', 'Records each call twice.', [failed('server', ...answered)]),
  server('records-too-late', 'Says that all is recorded 3 s before it is.', [failed('server', ...answered)]),
  server('forgets-call-ids', 'Records calls without their id.', [failed('server', ...answered)]),
  server('records-short-method', 'Records the method without its service.', [failed('server', ...answered)]),
];

const answersOfClient: readonly Saboteur[] = [
  client('reads-wrong-id', 'Reads each id wrong.', [failed('both', ...rows)]),
  client('loses-zero', 'Takes a reply of id 0 for no reply.', [failed('both', ...firstRow)]),
  client('reports-reply-beside-error', 'Reports a reply with every status.', [
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
  client('invents-answers', 'Reports answers to calls that it did not make.', [
    failed('server', ...answered),
    failed('client', 'method/*', 'size/over-4-mib'),
  ]),
  client('calls-twice', 'Makes each call twice.', [
    failed('server', ...answered),
    failed('wire', 'method/*', 'size/over-4-mib'),
  ]),
  client('retries-unavailable', 'Tries again what ended with UNAVAILABLE.', [
    failed('server', 'status/unavailable'),
  ]),
  client('asks-for-lower-case', 'Sends names in lower case.', [
    failed('server', ...rows.filter((name) => name !== 'gzip/*'), 'gzip/request', 'gzip/reply'),
    failed('server', 'status/*', 'unknown/nobody', 'unknown/*-blank', 'unknown/*nul*', 'unknown/*composed'),
  ]),
  client('trims-requests', 'Trims names before it sends them.', [
    failed('server', 'unknown/leading-blank', 'unknown/trailing-blank'),
  ]),
  client('asks-for-ascii', 'Sends names in ASCII.', [
    failed('server', ...['cjk', 'emoji', 'composed', 'decomposed'].map((word) => `unknown/${word}`)),
  ]),
  client('asks-composed', 'Brings names into composed form before it sends them.', [
    failed('server', 'unknown/decomposed'),
  ]),
  client('asks-up-to-nul', 'Sends names up to the first NUL.', [
    failed('server', 'unknown/embedded-nul', 'unknown/nul-behind'),
  ]),
  client('asks-for-somebody', 'Takes the empty name for a missing one.', [failed('server', 'unknown/empty')]),
];

const metadataOfClient: readonly Saboteur[] = [
  client('sends-no-metadata', 'Sends no request metadata of the application.', [
    failed('server', 'metadata/request-*', 'metadata/200-keys'),
  ]),
  client('sends-first-values', 'Sends the first value of each metadata key.', [
    failed('server', 'metadata/request-repeated'),
    failed('client', 'metadata/header-repeated', 'metadata/trailer-repeated'),
  ]),
  client('sends-high-bits-cleared', 'Sends binary metadata as 7-bit text.', [
    failed('server', 'metadata/request-binary', 'status/message-cjk', 'status/message-emoji'),
    failed('client', 'metadata/header-binary', 'metadata/trailer-binary'),
  ]),
  client('reports-first-values', 'Reports the first value of each key of the response.', [
    failed('client', 'metadata/header-repeated', 'metadata/trailer-repeated'),
  ]),
  client('reports-base64', 'Does not decode binary metadata.', [
    failed('client', 'metadata/header-binary', 'metadata/trailer-binary'),
  ]),
  client('reports-no-headers', 'Reports no response headers.', [
    failed('client', 'metadata/header-*', 'metadata/large'),
  ]),
  client('reports-no-trailers', 'Reports no response trailers.', [failed('client', 'metadata/trailer-*')]),
  client('takes-headers-for-trailers', 'Reports response headers among the trailers.', [
    failed('client', 'metadata/header-*', 'metadata/large'),
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
    ),
  ]),
  client('reports-names-of-http', 'Takes UNAUTHENTICATED for PERMISSION_DENIED.', [
    failed('both', 'status/unauthenticated'),
  ]),
  client('reports-no-message', 'Reports statuses without their message.', [
    failed('client', ...messages, ...strangers, 'method/*', 'size/over-4-mib'),
  ]),
  client('decodes-no-percent', 'Reports status messages as they are on the wire.', [
    failed('client', ...['percent', 'line-breaks', 'cjk', 'emoji'].map((word) => `status/message-${word}`)),
  ]),
  client('decodes-percent-twice', 'Decodes status messages twice.', [
    failed('client', 'status/message-percent', 'status/message-cjk', 'status/message-emoji'),
  ]),
  client('decodes-latin-1', 'Reads status messages as Latin-1.', [
    failed('client', 'status/message-cjk', 'status/message-emoji'),
  ]),
];

const timesOfClient: readonly Saboteur[] = [
  client('ignores-deadlines', 'Neither passes a deadline on nor ends a call at it.', [
    failed('server', 'deadline/arrives', 'deadline/thirty-days'),
    failed('wire', 'restart/wait-for-ready'),
    broken('client', 'call', 'said nothing about call', 'deadline/passes'),
  ]),
  client('passes-no-deadline-on', 'Does not pass deadlines on.', [
    failed('server', 'deadline/arrives', 'deadline/thirty-days'),
    failed('wire', 'deadline/passes', 'restart/wait-for-ready'),
  ]),
  client(
    'ends-late',
    'Ends calls 2.5 s after their deadline.',
    [failed('server', 'deadline/arrives'), failed('client', 'deadline/passes')],
    { isSlow: true, plays: ['deadline/*', 'pick/*'] },
  ),
  client('ends-early', 'Ends calls at half of their deadline.', [
    failed('server', 'deadline/arrives', 'deadline/thirty-days'),
    failed('client', 'deadline/passes'),
  ]),
  client('sends-seconds', 'Sends milliseconds as seconds.', [
    failed('server', 'deadline/arrives', 'deadline/thirty-days'),
    failed('wire', 'deadline/passes', 'restart/wait-for-ready'),
  ]),
  client('timer-of-32-bits-too', 'Ends a call of thirty days at once.', [
    failed('client', 'deadline/thirty-days'),
  ]),
  client('never-cancels', 'Does not cancel.', [
    broken('client', 'call', 'said nothing about call', 'cancel/*'),
  ]),
  client('cancels-in-secret', 'Does not tell the server that it cancelled.', [failed('server', 'cancel/*')]),
  client('has-no-clock', 'Reports that each call took no time.', [
    failed('client', 'deadline/passes', 'cancel/*'),
  ]),
];

const othersOfClient: readonly Saboteur[] = [
  client('calls-what-it-knows', 'Calls PickOne whatever the method.', [failed('client', 'method/*')]),
  client('cannot-gunzip-replies', 'Cannot read compressed replies.', [failed('client', 'gzip/reply')]),
  client('flags-what-is-plain', 'Says of a plain request that it is compressed.', [
    failed('client', 'gzip/request'),
  ]),
  client('sends-1-mib', 'Sends messages of 1 MiB at most.', [failed('server', 'size/under-4-mib')]),
  client('mixes-up-records', 'Reports an answer under the id of another call.', [
    failed('both', 'load/100-at-once'),
  ]),
  client('tires-after-500-calls', 'Makes no more than 500 calls.', [failed('client', 'load/1000-in-turn')], {
    plays: ['load/1000-in-turn'],
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
    broken('client', 'call', 'said nothing about call', 'restart/wait-for-ready'),
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

const unruly: readonly Saboteur[] = [
  ...both(
    'exits-at-once',
    'Ends with exit code 3 when it is started.',
    (role) => [broken(role, 'ready', 'exit code 3\n  stderr: no licence for this machine', '*')],
    few,
  ),
  ...both(
    'prints-garbage',
    'Prints what is not JSON.',
    (role) => [broken(role, 'ready', 'printed a line that is not JSON', '*')],
    few,
  ),
  ...both(
    'prints-a-banner',
    'Greets on standard output.',
    (role) => [broken(role, 'ready', 'printed a line that is not JSON: "welcome', '*')],
    few,
  ),
  ...both(
    'announces-nothing',
    'Never says that it is ready.',
    (role) => [broken(role, 'ready', 'and said nothing', '*')],
    few,
  ),
  server('announces-port-0', 'Announces port 0.', [broken('server', 'ready', 'announces port 0', '*')], few),
  server(
    'announces-a-dead-port',
    'Announces a port that nobody listens on.',
    [failed('client', 'pick/*', 'method/*', 'deadline/passes', 'cancel/*')],
    few,
  ),
  server(
    'announces-a-mute-port',
    'Announces a port that accepts connections and says nothing.',
    [broken('server', 'call', '', 'pick/*', 'method/*', 'deadline/passes', 'cancel/*')],
    few,
  ),
  ...both(
    'logs-on-stdout',
    'Logs on standard output.',
    (role) => [broken(role, 'call', 'printed a line that is not JSON: "INFO', 'pick/truxx')],
    few,
  ),
  ...both(
    'prints-100-mib',
    'Prints a line of 100 MiB.',
    (role) => [broken(role, 'call', 'printed a line of more than 16 MiB', 'pick/truxx')],
    few,
  ),
  client(
    'says-it-twice',
    'Tells the end of a call twice.',
    [broken('client', 'call', 'ends a call that is not in flight', 'pick/truxx')],
    few,
  ),
  server(
    'answers-unasked',
    'Answers an instruction that was not given.',
    [broken('server', 'call', 'answers an instruction that was not given', 'pick/truxx')],
    few,
  ),
  ...both(
    'speaks-another-dialect',
    'Writes a code as a word.',
    (role) => [broken(role, 'call', 'has code "OK" where a number was wanted', 'pick/truxx')],
    few,
  ),
  ...both(
    'dies-in-a-call',
    'Ends in the middle of a call.',
    (role) => [broken(role, 'call', 'ended while it was in use: exit code 9', 'pick/truxx')],
    few,
  ),
  ...both(
    'is-killed-in-a-call',
    'Is killed in the middle of a call.',
    (role) => [broken(role, 'call', 'ended while it was in use: signal SIGKILL', 'pick/truxx')],
    few,
  ),
  ...both(
    'hangs-in-a-call',
    'Loops for ever in the middle of a call.',
    (role) => [broken(role, 'call', '', 'pick/truxx')],
    few,
  ),
  ...both(
    'forgets-a-call',
    'Is silent about one call and goes on with others.',
    (role) => [
      broken(
        role,
        'call',
        role === 'server' ? 'neither answered nor recorded' : 'said nothing about call',
        'pick/truxx',
      ),
    ],
    few,
  ),
  server(
    'records-and-is-silent',
    'Records an answer and does not send it.',
    [broken('server', 'call', 'recorded and did not answer', 'pick/truxx')],
    few,
  ),
  server(
    'refuses-to-listen',
    'Refuses to open a listener.',
    [
      broken(
        'server',
        'call',
        'refused the instruction {"listen":{"port":0}}: port 0: permission denied',
        'restart/*',
      ),
    ],
    few,
  ),
  server(
    'never-flushes',
    'Does not answer the instruction to flush.',
    [broken('server', 'call', '', '*')],
    few,
  ),
  ...both('ignores-the-end', 'Ignores the end of input and SIGTERM.', () => [], {
    ...few,
    stops: 'of SIGTERM: killed',
  }),
  ...both('ignores-end-of-input', 'Stops on SIGTERM only.', () => [], {
    ...few,
    stops: 'but did on SIGTERM',
  }),
  ...both('exits-with-3', 'Ends with exit code 3 when it is told to stop.', () => [], {
    ...few,
    stops: 'stopped with exit code 3 at the end of its input',
  }),
  ...both('floods-stderr', 'Writes megabytes on standard error, which it may.', () => [], few),
];

/** Those whose lies show in what they record, report or do; some show on the wire as well. */
export const recordCatalogue: readonly Saboteur[] = [
  ...namesOfServer,
  ...metadataOfServer,
  ...statusesOfServer,
  ...headersOfServer,
  ...timesOfServer,
  ...othersOfServer,
  ...recordsOfServer,
  ...answersOfClient,
  ...metadataOfClient,
  ...statusesOfClient,
  ...timesOfClient,
  ...othersOfClient,
  ...unruly,
];
