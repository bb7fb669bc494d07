import type { LieName } from '../lies/lies.ts';
import { scenarios } from '../scenarios.ts';
import { both, client, type More, type Saboteur, server } from './saboteur.ts';

/** All groups, but no megabytes: with a window of 16 bytes they would be a matter of minutes. */
const short: More = {
  plays: [
    'pick/*',
    'metadata/*',
    'status/*',
    'deadline/*',
    'cancel/*',
    'load/100-at-once',
    'restart/*',
    'streams/*-many',
    'streams/ping-pong',
    'streams/100-at-once',
    'values/*',
    'tls/plain-call',
  ],
};

/** Of those whose quirk is about many bytes, all scenarios but the one of a thousand calls and those of many megabytes. */
const long: More = {
  plays: scenarios.map(({ name }) => name).filter((name) => !/^(load\/1000|streams\/large)-/.test(name)),
};

function odd(does: string, name: LieName, more: More = {}): readonly Saboteur[] {
  return both(name, does, () => [], more);
}

/** Those who do what is unusual and allowed: every scenario must be green. */
export const quirkCatalogue: readonly Saboteur[] = [
  ...odd('Splits each message over many DATA frames.', 'sends-small-frames', long),
  ...odd('Sends empty DATA frames before each message.', 'sends-empty-frames'),
  ...odd('Pads DATA and HEADERS.', 'pads-frames', long),
  ...odd('Splits header blocks into CONTINUATION frames.', 'continues-headers'),
  ...odd('Sends frames of a type that nobody knows.', 'sends-unknown-frames', long),
  ...odd('Sends PRIORITY frames, as HTTP/2 once had it.', 'sends-priorities'),
  ...odd('Sets bits, flags and settings that mean nothing.', 'sets-reserved-bits'),
  ...odd('Has its frames cross in pieces, segment by segment.', 'dribbles', long),
  ...odd('Interleaves the frames of several streams.', 'interleaves', long),
  ...odd('Pings in the middle of calls.', 'pings-often'),
  ...odd(
    'Changes its settings while calls are in flight, the size of the header table among them.',
    'changes-settings',
    long,
  ),
  ...both('has-a-small-window', 'Takes 16 bytes at a time.', () => [], short),
  server(
    'goes-away-politely',
    'Says GOAWAY(NO_ERROR) at the third call of a connection, and answers all that came.',
    [],
  ),
  server(
    'refuses-first-streams',
    'Refuses the first stream of each connection, so that the client may open another.',
    [],
  ),
  server('takes-10-at-a-time', 'Takes ten streams at a time.', []),
  client(
    'leaves-connections',
    'Leaves a connection when a call on it has ended, and makes the next on another.',
    [],
  ),
  ...odd('Names its content-type application/grpc+proto.', 'says-proto'),
  ...odd('Says that messages are encoded with identity.', 'says-identity'),
  server('compresses-unasked', 'Compresses responses for a client that said it reads gzip.', []),
  server('says-more', 'Sends header fields that nobody asked for.', []),
  ...odd('Writes header fields out, with neither table nor Huffman code.', 'writes-headers-out'),
  ...odd('Forbids that its header fields be indexed.', 'never-indexes'),
  ...odd('Joins the values of a metadata key by commas.', 'joins-values'),
  ...odd('Pads the base64 of binary metadata.', 'pads-base64'),
  server('escapes-in-lower-case', 'Escapes status messages with lower-case hex.', []),
  server('escapes-everything', 'Escapes every byte of status messages.', []),
  server('always-sends-headers', 'Sends headers and trailers with an error, rather than trailers only.', []),
  server('resets-behind-the-end', 'Resets each stream with NO_ERROR behind its whole answer.', []),
  ...odd('Writes fields that have their default value.', 'writes-defaults'),
  server('writes-backwards', 'Writes the fields of a message in another order.', []),
  server('writes-long-varints', 'Writes an id in more bytes than it needs.', []),
  ...odd('Writes a field twice, the right value last.', 'writes-twice'),
];
