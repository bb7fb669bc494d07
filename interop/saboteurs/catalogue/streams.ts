/** Who lies in calls that have several messages, as data. */
import type { Role } from '../../model/peer.ts';
import { both, broken, client, failed, type More, type Saboteur, server } from './saboteur.ts';

/** Where nobody waits for a single message of the other. */
const plain = [
  'streams/download-*',
  'streams/upload-*',
  'streams/chat-*',
  'streams/headers-first',
  'streams/then-status',
  'streams/server-ends-early',
  'streams/deadline',
  'pick/stitch',
];
/** All but the largest. */
const small = [
  ...plain,
  'streams/ping-pong',
  'streams/server-first',
  'streams/100-at-once',
  'streams/cancelled*',
  'cardinality/*',
];
const inPlain: More = { plays: plain };
const inSmall: More = { plays: small };
const inLarge: More = { plays: [...plain, 'streams/large-*'], isSlow: true };

/** Where that side sends several messages. */
const several: Readonly<Record<Role, readonly string[]>> = {
  server: [
    'streams/download-many',
    'streams/chat-many',
    'streams/headers-first',
    'streams/then-status',
    'streams/deadline',
  ],
  client: ['streams/upload-many', 'streams/chat-many', 'streams/upload-cancelled'],
};
/** The same, with those that wait for each other. */
const severalOfSmall: Readonly<Record<Role, readonly string[]>> = {
  server: [
    ...several.server,
    'streams/ping-pong',
    'streams/server-first',
    'streams/100-at-once',
    'streams/cancelled',
  ],
  client: [
    ...several.client,
    'streams/ping-pong',
    'streams/100-at-once',
    'streams/server-ends-early',
    'cardinality/two-requests',
  ],
};

const messages: readonly Saboteur[] = [
  ...both(
    'loses-the-first-message',
    'Loses the first message of each stream, and says that it sent it.',
    (role) => [
      failed(
        role === 'server' ? 'client' : 'wire',
        ...several[role],
        'streams/chat-one',
        ...(role === 'server'
          ? ['streams/download-one']
          : ['streams/upload-one', 'streams/server-ends-early']),
      ),
    ],
    inPlain,
  ),
  ...both(
    'loses-the-thirtieth-message',
    'Loses the thirtieth message of each stream, and says that it sent it.',
    (role) => [
      failed(
        'wire',
        'streams/chat-many',
        ...(role === 'server'
          ? ['streams/download-many', 'streams/large-download']
          : ['streams/upload-many', 'streams/large-upload']),
      ),
    ],
    inLarge,
  ),
  ...both(
    'repeats-the-second-message',
    'Sends the second message of each stream twice.',
    (role) => [failed(role === 'server' ? 'client' : 'wire', ...several[role])],
    inPlain,
  ),
  ...both(
    'forgets-the-last-message',
    'Does not send the last of several messages.',
    (role) => [
      failed(
        role === 'server' ? 'client' : 'server',
        ...several[role].filter((name) => name !== 'streams/deadline'),
      ),
    ],
    inPlain,
  ),
  ...both(
    'swaps-two-messages',
    'Sends the first two messages each in the place of the other.',
    (role) => [
      failed(role === 'server' ? 'client' : 'wire', ...severalOfSmall[role]),
      ...(role === 'server' ? [failed('wire', 'cardinality/two-responses*')] : []),
    ],
    inSmall,
  ),
  ...both(
    'leaves-empty-messages-out',
    'Does not send messages that have no bytes.',
    (role) => [
      failed(
        'wire',
        'values/empty-message',
        'testing/empty_unary',
        ...(role === 'client' ? ['unknown/empty', 'streams/download-*', 'testing/unimplemented_*'] : []),
      ),
    ],
    { plays: ['streams/download-*', 'values/empty-message', 'unknown/empty', 'testing/*', 'pick/stitch'] },
  ),
  ...both(
    'takes-any-number-for-one',
    'Takes no message and two messages for the one that there is to be.',
    (role) => [failed('client', role === 'server' ? 'cardinality/*-request*' : 'cardinality/*-response*')],
    inSmall,
  ),
];

const ofServer: readonly Saboteur[] = [
  server(
    'takes-no-request-for-an-empty-one',
    'Takes no request for one with nothing in it.',
    [failed('server', 'streams/upload-none', 'streams/chat-none', 'testing/empty_stream')],
    { plays: [...plain, 'testing/empty_stream'] },
  ),
  server(
    'records-requests-as-one',
    'Takes the requests of a call for one.',
    [
      failed(
        'server',
        'streams/upload-many',
        'streams/chat-many',
        'streams/upload-cancelled',
        'streams/ping-pong',
        'streams/100-at-once',
      ),
    ],
    inSmall,
  ),
  server(
    'takes-a-cancel-for-the-end',
    'Takes a call that was given up for one that it has answered.',
    [failed('server', 'streams/upload-cancelled', 'streams/cancelled*', 'streams/deadline')],
    inSmall,
  ),
  server(
    'hears-one-request',
    'Takes the first request of a stream, and no more.',
    [failed('server', 'streams/upload-many', 'streams/chat-many', 'streams/upload-cancelled')],
    inPlain,
  ),
  server(
    'hears-all-before-it-ends',
    'Ends no call before the client has half-closed.',
    [failed('server', 'streams/server-ends-early')],
    inPlain,
  ),
  server(
    'speaks-when-it-is-done',
    'Keeps its responses until all else is done.',
    [
      failed('client', 'streams/deadline'),
      broken('server', 'call', 'it is the server that was to speak', 'streams/ping-pong'),
    ],
    { plays: ['streams/deadline', 'streams/ping-pong', 'streams/download-many', 'pick/stitch'] },
  ),
  server(
    'breaks-off-with-ok',
    'Sends OK for a status behind headers.',
    [failed('client', 'streams/then-status', 'status/after-headers')],
    { plays: [...plain, 'status/after-headers'] },
  ),
  server(
    'never-ends-responses',
    'Ends no call that it has sent a response of.',
    [broken('server', 'call', '', 'streams/download-one')],
    { plays: ['streams/download-one', 'unknown/unseen'] },
  ),
];

const ofClient: readonly Saboteur[] = [
  client(
    'never-ends-uploads',
    'Does not half-close.',
    [broken('client', 'call', 'its request has no end, END_STREAM never crossed', 'streams/upload-one')],
    { plays: ['streams/upload-one', 'streams/download-many', 'pick/stitch'] },
  ),
  client(
    'ends-before-it-cancels',
    'Half-closes an upload that it cancels, so that it looks like a whole one.',
    [failed('wire', 'streams/upload-cancelled')],
    inSmall,
  ),
  client(
    'begins-with-the-first-message',
    'Sends nothing of a call before its first request.',
    [broken('client', 'call', 'the call never crossed the wire', 'streams/server-first')],
    inSmall,
  ),
  client(
    'takes-no-response-for-an-empty-one',
    'Takes no response for one with nothing in it.',
    [failed('client', 'streams/download-none', 'streams/chat-none')],
    inPlain,
  ),
  client(
    'reports-the-last-message-twice',
    'Reports the last of several responses twice.',
    [failed('client', ...severalOfSmall.server)],
    inSmall,
  ),
  client(
    'reports-messages-as-one',
    'Takes the responses of a call for one.',
    [failed('client', ...severalOfSmall.server)],
    inSmall,
  ),
  client(
    'reports-messages-backwards',
    'Reports the last response first.',
    [failed('client', ...severalOfSmall.server)],
    inSmall,
  ),
  client(
    'forgets-messages-of-what-failed',
    'Reports no responses of a call that failed.',
    [failed('client', 'streams/then-status', 'streams/cancelled*', 'streams/deadline')],
    inSmall,
  ),
  client(
    'takes-messages-for-success',
    'Reports OK when there were responses.',
    [
      failed('client', 'streams/then-status', 'streams/cancelled*', 'streams/deadline'),
      failed('client', 'cardinality/two-responses*'),
    ],
    inSmall,
  ),
  client(
    'makes-a-call-less',
    'Makes one call of a row less than it was asked for.',
    [broken('client', 'call', 'said nothing about call', 'streams/100-at-once')],
    { plays: ['streams/100-at-once', 'streams/chat-one', 'pick/stitch'] },
  ),
];

/** Those whose lies show where there are several messages, or none. */
export const streamCatalogue: readonly Saboteur[] = [...messages, ...ofServer, ...ofClient];
