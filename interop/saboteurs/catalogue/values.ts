/** Whose protobuf runtime loses or bends something, as data. */

import type { LieName } from '../lies/lies.ts';
import { both, client, failed, type More, type Saboteur, server } from './saboteur.ts';

const values: More = { plays: ['values/*', 'older/*', 'details/*', 'pick/*'] };

/** Where bodies of zeros are sent. */
const zerosOfClient = [
  'testing/large_unary',
  'testing/client_streaming',
  'testing/ping_pong',
  'testing/custom_metadata',
  'testing/*_compressed_unary',
  'testing/cancel_after_first_response',
];
const zerosOfServer = [...zerosOfClient, 'testing/server_streaming'];

/** In either role: what a client sends is wrong on the wire, and what a server reads is wrong in its record. */
function bends(lie: LieName, does: string, ...scenarios: readonly string[]): readonly Saboteur[] {
  return both(lie, does, (role) => [failed(role === 'client' ? 'wire' : 'server', ...scenarios)], values);
}

export const valueCatalogue: readonly Saboteur[] = [
  ...bends('takes-int64-for-double', 'Reads 64-bit integers into a double.', 'values/int64*'),
  ...bends('takes-30-bits', 'Reads 32-bit integers into 30 bits.', 'values/int32-extremes'),
  ...bends('turns-nan-to-0', 'Takes NaN for 0.', 'values/not-a-number'),
  ...bends('has-no-infinity', 'Takes infinity for 1.', 'values/infinities'),
  ...bends('loses-the-minus-of-0', 'Takes -0 for 0.', 'values/negative-zero'),
  ...bends('takes-doubles-for-floats', 'Reads doubles into 32 bits.', 'values/float-digits'),
  ...bends('takes-bytes-for-text', 'Reads bytes as UTF-8.', 'values/bytes', 'values/any-of-a-known-type'),
  ...both(
    'takes-bytes-up-to-nul',
    'Reads bytes up to the first NUL.',
    (role) => [
      failed(
        role === 'client' ? 'wire' : 'server',
        'values/bytes',
        ...(role === 'client' ? zerosOfClient : zerosOfServer),
      ),
      ...(role === 'client' ? [failed('client', 'testing/server_streaming')] : []),
    ],
    // What of a call with a deadline of 1 ms crosses is chance.
    {
      plays: [
        ...(values.plays ?? []),
        ...zerosOfClient,
        ...zerosOfServer,
        'testing/server_streaming',
        'testing/empty_*',
      ],
    },
  ),
  ...bends('composes-texts', 'Brings texts into composed form.', 'values/text'),
  ...bends('drops-enum-numbers', 'Drops numbers that an enum does not name.', 'values/*-enum-number'),
  ...bends(
    'drops-unknown-fields',
    'Drops fields that it does not know.',
    'values/unknown-field',
    'values/unknown-varint',
    'older/extension',
  ),
  ...bends(
    'drops-what-is-default',
    'Drops fields that are set to their default.',
    'values/explicit-zero',
    'values/empty-member-of-a-oneof',
    'values/zero-in-a-oneof',
    'older/presence',
  ),
  ...bends(
    'drops-empty-messages',
    'Drops messages with nothing set.',
    'values/empty-nested',
    'values/empty-message-in-a-oneof',
    'values/wrapped-zero',
    'values/struct',
  ),
  ...bends('drops-groups', 'Drops groups.', 'older/group'),
  ...bends('drops-zeros-in-lists', 'Drops zeros in lists.', 'values/list-with-zeros'),
  ...bends(
    'drops-empty-messages-in-lists',
    'Drops messages with nothing set in lists.',
    'values/list-of-messages',
  ),
  ...bends('drops-zeros-in-maps', 'Drops zeros and messages with nothing set in maps.', 'values/map*'),
  ...bends('cuts-nanoseconds', 'Cuts times to microseconds.', 'values/timestamp', 'values/duration'),
  ...both(
    'goes-50-deep',
    'Reads messages that are nested fifty deep at most.',
    (role) => [failed(role, 'values/deep')],
    values,
  ),
  server('sends-no-details', 'Sends no details of a status.', [failed('wire', 'details/*')], values),
  client('reports-no-details', 'Reports no details of a status.', [failed('client', 'details/*')], values),
];
