/** Who lies as a server, in what it records and does. */
import {
  allRows,
  answered,
  broken,
  failed,
  firstRow,
  rows,
  type Saboteur,
  server,
  strangers,
} from './saboteur.ts';
import { messages, statuses } from './statuses.ts';

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
  server('response-beside-error', 'Sends a row beside NOT_FOUND.', [
    failed('client', ...strangers, 'status/not-found'),
  ]),
  server('ignores-case', 'Compares names without regard to case.', [failed('server', 'unknown/other-case')]),
  server('trims-names', 'Trims names.', [
    failed('server', 'unknown/leading-blank', 'unknown/trailing-blank'),
  ]),
  server('composes-names', 'Brings names into composed form.', [
    failed('server', 'unknown/decomposed', 'values/text'),
  ]),
  server('decomposes-names', 'Brings names into decomposed form.', [failed('server', 'unknown/composed')]),
  server('drops-accented-letters', 'Compares the ASCII part of names.', [
    failed('server', 'unknown/composed', 'unknown/decomposed'),
  ]),
  server('stops-at-nul', 'Takes NUL for the end of a name.', [
    failed('server', 'unknown/embedded-nul', 'unknown/nul-behind', 'values/text'),
  ]),
  server('cuts-names', 'Cuts names at 1,024 characters.', [
    failed('server', 'unknown/64-kib', 'gzip/request', 'size/under-4-mib'),
  ]),
  server('reads-latin-1', 'Reads names as Latin-1.', [
    failed('server', ...['cjk', 'emoji', 'composed', 'decomposed'].map((word) => `unknown/${word}`)),
    failed('server', 'values/text'),
  ]),
  server('empty-is-first', 'Takes the empty name for the first row.', [failed('server', 'unknown/empty')]),
  server('looks-at-skills', 'Finds rows by their skill too.', [failed('server', 'unknown/skill')]),
];

const metadataOfServer: readonly Saboteur[] = [
  server('keeps-last-value', 'Keeps the last value of each metadata key.', [
    failed('server', 'metadata/request-repeated'),
    failed('client', 'metadata/*-repeated', 'details/with-trailers'),
  ]),
  server('reverses-values', 'Loses the order of the values of a metadata key.', [
    failed('server', 'metadata/request-repeated'),
    failed('client', 'metadata/*-repeated', 'details/with-trailers'),
  ]),
  server('clears-high-bits', 'Takes binary metadata for 7-bit text.', [
    failed('server', 'metadata/request-binary'),
    failed('client', 'metadata/*-binary', 'details/with-trailers'),
  ]),
  server('reads-binary-as-text', 'Reads binary metadata as UTF-8.', [
    failed('server', 'metadata/request-binary'),
    failed('client', 'metadata/*-binary', 'details/with-trailers'),
  ]),
  server('cuts-at-comma', 'Takes a comma for the end of a metadata value.', [
    failed('server', 'metadata/request-ascii'),
    failed('client', 'metadata/header-ascii', 'metadata/trailer-ascii'),
  ]),
  server('hides-request-metadata', 'Does not report request metadata.', [
    failed('server', 'metadata/request-*', 'metadata/200-keys', 'metadata/large'),
  ]),
  server('drops-headers', 'Sends no response headers.', [
    failed('client', 'metadata/header-*', 'metadata/large', 'streams/headers-first'),
  ]),
  server('drops-trailers', 'Sends no response trailers.', [
    failed('client', 'metadata/trailer-*', 'streams/headers-first', 'streams/then-status'),
    failed('client', 'details/with-trailers'),
  ]),
  server('takes-128-entries', 'Takes no more than about 128 metadata entries.', [
    failed('server', 'metadata/200-keys'),
  ]),
  server('takes-4-kib', 'Drops metadata values of more than 4 KiB.', [failed('server', 'metadata/large')]),
];

const statusesOfServer: readonly Saboteur[] = [
  server('next-code', 'Sends the code behind the one that it records.', [
    failed('both', ...statuses, ...strangers),
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
    failed('both', 'status/message-cjk', 'status/message-emoji', 'details/with-trailers'),
  ]),
  server('leaves-percent', 'Does not escape the percent sign in status messages.', [
    failed('both', 'status/message-percent'),
    failed('wire', 'details/with-trailers'),
  ]),
  server('loses-late-status', 'Ends a stream without a status when its headers are out.', [
    failed('client', 'status/after-headers', 'streams/then-status'),
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
    failed('client', 'deadline/passes', 'streams/deadline'),
  ]),
  server('timer-of-32-bits', 'Ends a call of thirty days at once.', [
    failed('client', 'deadline/thirty-days'),
  ]),
  server('never-waits', 'Answers at once, though told to wait: before the client could end the call.', [
    failed('client', 'deadline/passes', 'cancel/*', 'streams/deadline'),
    failed('server', 'streams/cancelled*'),
  ]),
  server('never-notices', 'Does not notice the end of a call under its handler.', [
    failed('server', 'deadline/passes', 'cancel/*', 'streams/*cancelled*', 'streams/deadline'),
  ]),
];

const othersOfServer: readonly Saboteur[] = [
  server('serves-any-method', 'Serves every method with its one handler.', [failed('server', 'method/*')]),
  server('serves-any-service', 'Does not look at the name of the service.', [
    failed('server', 'method/unknown-service'),
  ]),
  server('silent-about-unknown', 'Does not answer calls of an unknown method.', [
    broken('server', 'call', 'neither answered nor recorded', 'method/*'),
  ]),
  server('takes-1-mib', 'Takes messages of 1 MiB at most.', [failed('client', 'size/under-4-mib')]),
  server('takes-anything', 'Takes messages of any size.', [failed('client', 'size/over-4-mib')]),
  server('cannot-gunzip', 'Cannot read compressed requests.', [
    failed('client', 'gzip/request', 'testing/client_compressed_unary'),
  ]),
  server('hides-encoding', 'Compresses a response without saying with what.', [
    failed('client', 'gzip/response', 'testing/server_compressed_unary'),
  ]),
  server('mixes-up-answers', 'Gives an answer to the wrong one of many calls.', [
    failed('both', 'load/100-at-once'),
  ]),
  server('tires-after-500', 'Answers no more than 500 calls.', [failed('both', 'load/1000-calls')], {
    plays: ['load/1000-calls'],
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
  server('records-otherwise', 'Records another row than it sends.', [failed('both', ...allRows)]),
  server('records-nothing', 'Leaves no record of what it served.', [failed('server', ...answered)]),
  server('records-twice', 'Records each call twice.', [failed('server', ...answered)]),
  server('records-too-late', 'Says that all is recorded a minute before it is.', [
    failed('server', ...answered),
  ]),
  server('forgets-call-ids', 'Records calls without their id.', [failed('server', ...answered)]),
  server('records-short-method', 'Records the method without its service.', [failed('server', ...answered)]),
];

/** Servers whose lies show in what they record or do; some show on the wire as well. */
export const serverCatalogue: readonly Saboteur[] = [
  ...namesOfServer,
  ...metadataOfServer,
  ...statusesOfServer,
  ...headersOfServer,
  ...timesOfServer,
  ...othersOfServer,
  ...recordsOfServer,
];
