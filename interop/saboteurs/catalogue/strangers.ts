/** Who knows nothing of the harness: what it may do unasked, and what it may not all the same. */
import { client, failed, type Saboteur, server, stranger } from './saboteur.ts';

/** Everything is green. */
const allowed: readonly Saboteur[] = [
  stranger('client', 'sets-its-own-deadline', 'Sets a deadline of its own, as most programs do.'),
  stranger('client', 'adds-its-own-metadata', 'Sends metadata of its own, and a user agent.'),
  stranger('client', 'compresses-requests', 'Compresses its requests.'),
  stranger('client', 'opens-a-spare-connection', 'Opens a second connection, and asks nothing on it.'),
  stranger('client', 'asks-for-health-first', 'Asks for the health of the server before each call.'),
  stranger('client', 'asks-for-reflection-first', 'Asks the server what it serves before each call.'),
  stranger(
    'client',
    'retries-by-policy',
    'Has a retry policy for UNAVAILABLE, and says so in the second attempt.',
  ),
  stranger('client', 'leaves-connections', 'Makes each call on a connection of its own.'),
  stranger('server', 'adds-details', 'Sends details with each error, of which nobody has said anything.'),
  stranger('server', 'says-more', 'Sends header fields that nobody asked for.'),
  stranger('server', 'compresses-unasked', 'Compresses responses for a client that said it reads gzip.'),
  stranger('server', 'goes-away-politely', 'Says GOAWAY(NO_ERROR), and answers all that came.'),
  stranger('server', 'refuses-first-streams', 'Refuses the first stream of each connection.'),
  client(
    'gives-up-with-the-connection',
    'Resets with REFUSED_STREAM whatever is open when the server ends the connection.',
    [],
  ),
];

const brief = {
  plays: ['pick/*', 'unknown/nobody', 'status/unavailable', 'method/*', 'streams/then-status'],
};

/** The same, and by the same judge, of whoever departs from the specification or from what was wanted. */
const liars: readonly Saboteur[] = [
  stranger('client', 'calls-twice', 'Makes each call twice.', [failed('wire', '*')], brief),
  stranger(
    'client',
    'probes-first',
    'Calls another method of the service before each call.',
    [failed('wire', '*')],
    brief,
  ),
  stranger(
    'client',
    'cancels-and-calls-again',
    'Gives each call up and makes it again.',
    [failed('wire', '*')],
    brief,
  ),
  stranger(
    'client',
    'hedges',
    'Makes each call twice at once, and calls the second one an attempt.',
    [failed('wire', '*')],
    brief,
  ),
  stranger(
    'client',
    'retries-unavailable',
    'Tries again what ended with UNAVAILABLE, without a word.',
    [failed('wire', 'status/unavailable', 'streams/then-status')],
    brief,
  ),
  stranger(
    'client',
    'retries-what-was-answered',
    'Makes a call again that was answered with OK.',
    [failed('wire', 'pick/*')],
    brief,
  ),
  stranger(
    'client',
    'retries-behind-headers',
    'Makes a call again of which it had a part.',
    [failed('wire', 'streams/then-status')],
    brief,
  ),
  stranger('client', 'reads-wrong-id', 'Reads each id wrong.', [failed('client', 'pick/*')], brief),
  stranger(
    'client',
    'sets-a-deadline-in-words',
    'Sets a deadline of its own that is none.',
    [failed('wire', '*')],
    brief,
  ),
  stranger(
    'client',
    'has-a-short-deadline',
    'Has a deadline of its own that is shorter than the answer takes.',
    [failed('wire', 'cancel/in-flight')],
    { plays: ['cancel/in-flight'] },
  ),
  stranger('client', 'sends-no-te', 'Does not say te: trailers.', [failed('wire', '*')], brief),
  stranger(
    'client',
    'compresses-without-saying',
    'Compresses requests without saying so.',
    [failed('wire', 'gzip/request')],
    { plays: ['gzip/*', 'pick/*'] },
  ),
  stranger('server', 'wrong-id', 'Answers with the next id.', [failed('wire', 'pick/*')], brief),
  stranger(
    'server',
    'next-code',
    'Ends each failing call with the code behind the one wanted.',
    [failed('wire', 'status/*', 'unknown/*', 'streams/*')],
    brief,
  ),
  stranger(
    'server',
    'closes-behind-the-headers',
    'Ends the connection behind its response headers.',
    [failed('wire', 'pick/stitch')],
    { plays: ['pick/stitch'] },
  ),
  server(
    'closes-behind-the-headers',
    'Ends the connection behind its response headers.',
    [failed('wire', 'pick/stitch')],
    { plays: ['pick/stitch'] },
  ),
  stranger(
    'server',
    'never-waits',
    'Answers before the client could cancel the call.',
    [failed('client', 'cancel/in-flight')],
    { plays: ['pick/*', 'cancel/in-flight'] },
  ),
  ...(['hangs-up-in-a-call', 'tears-its-connection', 'goes-away-in-a-call'] as const).map((lie) =>
    stranger('client', lie, 'Ends its connection in the middle of a call.', [failed('wire', 'pick/truxx')], {
      plays: ['pick/truxx'],
    }),
  ),
];

/** Whoever knows the harness was told what to do, and is held to that. */
const told: readonly Saboteur[] = [
  client(
    'sets-its-own-deadline',
    'Sets a deadline of its own, though it was told to set none.',
    [failed('wire', '*')],
    brief,
  ),
  client(
    'retries-by-policy',
    'Tries again what ended with UNAVAILABLE, though it was told to make one call.',
    [failed('wire', 'status/unavailable')],
    brief,
  ),
];

export const strangeCatalogue: readonly Saboteur[] = [...allowed, ...liars, ...told];
