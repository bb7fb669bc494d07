/** Connections made by hand, for what real libraries do not do. */
import { describe, expect, it } from 'vitest';
import {
  frame,
  headerBlock,
  type Piece,
  preface,
  prefixed,
  type Reading,
  readAll,
} from '../fixtures/http2.ts';
import { types as known } from '../fixtures/manage.ts';
import { statusWith } from '../messages/status.ts';
import type { Role } from '../model/peer.ts';
import type { WireStream } from '../model/wire.ts';
import { frameType as type } from './http2/names.ts';

const endStream = 0x1;
const endHeaders = 0x4;
const padded = 0x8;

const client = (...frames: readonly Buffer[]): Piece => ({ from: 'client', bytes: Buffer.concat(frames) });
const server = (...frames: readonly Buffer[]): Piece => ({ from: 'server', bytes: Buffer.concat(frames) });

const settings = frame(type.SETTINGS, 0, 0);
const hello = [client(preface, settings), server(settings)];
/** Bytes of the client in front of its first frame of a stream. */
const behindHello = preface.length + settings.length;

const requestBlock = headerBlock({ ':path': '/Manage/PickOne' });
const responseBlock = headerBlock({ ':status': '200' });
const trailerBlock = headerBlock({ 'grpc-status': '0' });
const message = prefixed(Buffer.from('0a0141', 'hex'));

const request = (stream = 1, flags = endHeaders) => client(frame(type.HEADERS, flags, stream, requestBlock));
const response = (stream = 1, flags = endHeaders) =>
  server(frame(type.HEADERS, flags, stream, responseBlock));
const trailers = (stream = 1) => server(frame(type.HEADERS, endHeaders | endStream, stream, trailerBlock));
const data = (stream = 1, flags = 0) => frame(type.DATA, flags, stream, message);
const ping = (from: Role) => ({ from, bytes: frame(type.PING, 0, 0, Buffer.alloc(8)) });
const reset = (stream = 1) => frame(type.RST_STREAM, 0, stream, Buffer.from([0, 0, 0, 8]));

/** A whole call. */
const whole = (stream = 1) => [
  request(stream),
  client(data(stream, endStream)),
  response(stream),
  server(data(stream)),
  trailers(stream),
];

const types = ({ frames }: WireStream) => frames.map((each) => `${each.number} ${each.from} ${each.type}`);

function first({ streams }: Reading): WireStream {
  expect(streams.length).toBeGreaterThan(0);
  return streams[0] as WireStream;
}

describe('details of a status', () => {
  const detail = { '@type': 'type.googleapis.com/NameRequest', name: 'who' };
  const packed = statusWith(5, 'no', [detail], known.registry);
  const ending = (value: string) => [
    ...hello,
    request(),
    server(frame(type.HEADERS, endHeaders | endStream, 1, headerBlock({ 'grpc-status-details-bin': value }))),
  ];

  it.each([
    ['with padding', packed],
    ['without padding', packed.replace(/=+$/, '')],
    ['as they are', `\0${Buffer.from(packed, 'base64').toString('latin1')}`],
  ])('are read %s', (_, value) => {
    expect(first(readAll(ending(value))).response.details).toEqual([detail]);
  });

  it('that are none are told as such, and where there are none there are none', () => {
    const [text] = first(readAll(ending('//8='))).response.details ?? [];
    expect(text).toMatch(/^is no google\.rpc\.Status: /);
    expect(first(readAll([...hello, ...whole()])).response).not.toHaveProperty('details');
  });
});

describe('a connection that cannot be read', () => {
  it('is TLS: said once, whatever both sides send', () => {
    const clientHello = Buffer.from('16030100f8010000f40303', 'hex');
    const serverHello = Buffer.from('160303007a0200007603039b', 'hex');
    expect(readAll([client(clientHello), server(serverHello), client(clientHello)])).toEqual({
      streams: [],
      troubles: [{ kind: 'opaque', connection: 1 }],
    });
  });

  it('is TLS, and the server does not know it', () => {
    const { troubles } = readAll([
      client(Buffer.from('16030100f8', 'hex')),
      server(Buffer.from('HTTP/1.1 400')),
    ]);
    expect(troubles.map((each) => each.kind)).toEqual(['opaque', 'invalid']);
  });

  it.each([
    ['HTTP/1.1', Buffer.from('GET / HTTP/1.1\r\nHost: a\r\n\r\n')],
    ['noise', Buffer.from('00ff'.repeat(50), 'hex')],
  ])('is %s: said once a direction', (_, bytes) => {
    const { streams, troubles } = readAll([client(bytes), server(bytes), client(bytes), server(bytes)]);
    expect(streams).toEqual([]);
    expect(troubles).toEqual([
      { kind: 'invalid', connection: 1, problem: expect.objectContaining({ from: 'client', offset: 0 }) },
      { kind: 'invalid', connection: 1, problem: expect.objectContaining({ from: 'server', offset: 0 }) },
    ]);
  });

  it('ends in the middle: the streams that are open say so, those that are over do not', () => {
    const broken = server(frame(type.PING, 0, 0, Buffer.alloc(7)));
    const { streams, troubles } = readAll([...hello, ...whole(1), request(3), broken, response(3)]);
    const problem = { from: 'server', got: expect.any(String), wanted: expect.stringContaining('6.7') };
    expect(troubles).toEqual([{ kind: 'invalid', connection: 1, problem: expect.objectContaining(problem) }]);
    expect(streams.map(({ problems }) => problems)).toEqual([[], [expect.objectContaining(problem)]]);
    expect(streams[1]?.problems[0]).not.toHaveProperty('frame');
    expect(streams[1]?.response.headers).toEqual([]);
  });

  it('in one direction is read on in the other', () => {
    const broken = server(frame(type.CONTINUATION, endHeaders, 1));
    const { streams, troubles } = readAll([
      ...hello,
      request(1),
      broken,
      response(1),
      client(data(1)),
      request(3),
    ]);
    expect(troubles).toHaveLength(1);
    expect(streams.map((each) => each.stream)).toEqual([1, 3]);
    expect(streams[0]?.request.messages).toHaveLength(1);
    expect(streams[0]?.response.headersFrame).toBeUndefined();
  });
});

describe('header blocks', () => {
  const notHpack = Buffer.from('ff', 'hex');

  it('in pieces, while the other side speaks', () => {
    const stream = first(
      readAll([
        ...hello,
        client(frame(type.HEADERS, endStream, 1, requestBlock.subarray(0, 3))),
        ping('server'),
        client(frame(type.CONTINUATION, 0, 1, requestBlock.subarray(3, 3))),
        response(),
        client(frame(type.CONTINUATION, endHeaders, 1, requestBlock.subarray(3))),
      ]),
    );
    expect(types(stream)).toEqual([
      '0 client SETTINGS',
      '1 server SETTINGS',
      '2 client HEADERS',
      '3 server PING',
      '4 client CONTINUATION',
      '5 server HEADERS',
      '6 client CONTINUATION',
    ]);
    expect(stream.request).toEqual({
      headers: [{ name: ':path', value: '/Manage/PickOne' }],
      headersFrame: 6,
      trailers: [],
      messages: [],
      restBytes: 0,
      endFrame: 2,
    });
    expect(stream.problems).toEqual([]);
  });

  it('that cannot be decoded end the direction, with the frame that did it', () => {
    const { streams, troubles } = readAll([
      ...hello,
      request(1),
      request(3),
      server(frame(type.HEADERS, endHeaders, 3, notHpack), frame(type.HEADERS, endHeaders, 1, responseBlock)),
      response(1),
    ]);
    const problem = {
      from: 'server',
      offset: 9,
      wanted: expect.any(String),
      got: expect.stringContaining('at byte'),
    };
    expect(troubles).toEqual([{ kind: 'invalid', connection: 1, problem }]);
    expect(streams.map(({ problems }) => problems)).toEqual([[problem], [{ ...problem, frame: 1 }]]);
    expect(streams[0]?.response.headers).toEqual([]);
  });

  it('of a request that cannot be decoded: there is no stream to tell of', () => {
    const { streams, troubles } = readAll([
      ...hello,
      client(frame(type.HEADERS, endHeaders, 1, notHpack)),
      response(),
    ]);
    expect(streams).toEqual([]);
    expect(troubles).toMatchObject([{ kind: 'invalid', problem: { from: 'client', offset: behindHello } }]);
  });

  const half = frame(type.HEADERS, 0, 3, requestBlock.subarray(0, 5));
  it.each([
    ['another type between', [half, data(1)], 'DATA of stream 1'],
    ['the connection between', [half, frame(type.PING, 0, 0, Buffer.alloc(8))], 'PING'],
    ['another stream', [half, frame(type.CONTINUATION, endHeaders, 1)], 'CONTINUATION of stream 1'],
    ['other headers', [half, frame(type.HEADERS, endHeaders, 1)], 'HEADERS of stream 1'],
    ['a piece without a beginning', [frame(type.CONTINUATION, endHeaders, 1)], 'CONTINUATION of stream 1'],
    [
      'padding without end',
      [frame(type.HEADERS, endHeaders | padded, 1, Buffer.from('ff00', 'hex'))],
      'HEADERS of stream 1',
    ],
  ])('with %s', (_, frames, got) => {
    const { streams, troubles } = readAll([...hello, request(1), client(...frames), request(5)]);
    expect(streams).toHaveLength(1);
    expect(troubles).toMatchObject([{ kind: 'invalid', problem: { from: 'client', got } }]);
    const { problems, frames: shown } = first({ streams, troubles });
    expect(problems).toMatchObject([{ from: 'client', got, frame: shown.length - 1 }]);
  });

  it('of more than a mebibyte', () => {
    const piece = frame(type.CONTINUATION, 0, 1, Buffer.alloc(16_384));
    const start = frame(type.HEADERS, 0, 1, requestBlock);
    const { troubles } = readAll([...hello, client(start, ...Array.from({ length: 65 }, () => piece))]);
    expect(troubles).toMatchObject([
      {
        problem: {
          wanted: 'a header block of at most 1048576 bytes in 256 frames, which the harness keeps',
          got: 'more',
        },
      },
    ]);
  });

  it('of very many frames, of which the empty ones cost nothing', () => {
    const start = frame(type.HEADERS, 0, 1, requestBlock);
    const empty = frame(type.CONTINUATION, 0, 1);
    const end = frame(type.CONTINUATION, endHeaders, 1);
    const small = frame(type.CONTINUATION, 0, 1, Buffer.from([0x82]));
    const read = (piece: Buffer, count: number) =>
      readAll([...hello, client(start, ...Array.from({ length: count }, () => piece), end)]);
    expect(read(empty, 5_000).streams).toHaveLength(1);
    expect(read(small, 255).streams).toHaveLength(1);
    expect(read(small, 256).troubles).toMatchObject([{ problem: { got: 'more' } }]);
  });

  it('of very many open streams loses sight of those that were opened first', () => {
    const requests = Array.from({ length: 4_097 }, (_, index) => request(1 + 2 * index));
    const { streams } = readAll([...hello, ...requests, ping('server')]);
    expect(streams[0]?.frames.at(-1)?.type).toBe('HEADERS');
    expect(streams[1]?.frames.at(-1)?.type).toBe('PING');
  });

  it('of more than a mebibyte together are none of its business', () => {
    // RFC 7541, 6.1: an indexed field, ":method GET", so many times.
    const long = Buffer.alloc(16_000, 0x82);
    const requests = Array.from({ length: 70 }, (_, index) =>
      client(frame(type.HEADERS, endHeaders, 1 + 2 * index, long)),
    );
    const { streams, troubles } = readAll([...hello, ...requests]);
    expect(troubles).toEqual([]);
    expect(streams).toHaveLength(70);
  });
});

describe('a problem', () => {
  it('says how many bytes are in front of it', () => {
    const { problems } = first(
      readAll([...hello, request(), response(), client(data(1, endStream), data())]),
    );
    const offset = behindHello + 9 + requestBlock.length + 9 + message.length;
    expect(problems).toMatchObject([{ from: 'client', offset, got: 'DATA', frame: 5 }]);
  });
});

describe('what RFC 9113 says of a stream', () => {
  const start = [...hello, request()];
  const ended = [...hello, request(1, endHeaders | endStream)];
  const informational = headerBlock({ ':status': '103' });

  it.each<[string, readonly Piece[], Role, string, string]>([
    ['DATA behind END_STREAM', [...ended, client(data())], 'client', 'DATA', 'half-closed (local)'],
    ['HEADERS behind END_STREAM', [...ended, request()], 'client', 'HEADERS', 'half-closed (local)'],
    [
      'DATA behind a whole call',
      [...hello, ...whole(), server(data())],
      'server',
      'DATA',
      'half-closed (local)',
    ],
    ['trailers twice', [...hello, ...whole(), trailers()], 'server', 'HEADERS', 'half-closed (local)'],
    ['DATA behind RST_STREAM', [...start, client(reset(), data())], 'client', 'DATA', 'on a closed stream'],
    ['DATA before HEADERS', [...start, server(data())], 'server', 'DATA', 'zero or more DATA'],
    [
      'headers twice',
      [...start, response(), response()],
      'server',
      'HEADERS without END_STREAM',
      'malformed',
    ],
    ['a request twice', [...start, request()], 'client', 'HEADERS without END_STREAM', 'malformed'],
    [
      'an informational response that ends',
      [...start, server(frame(type.HEADERS, endHeaders | endStream, 1, informational))],
      'server',
      'END_STREAM',
      'informational',
    ],
    ['an even number', [...hello, request(2)], 'client', 'stream 2', 'odd-numbered'],
    [
      'a number that is passed',
      [...hello, request(3), request(1)],
      'client',
      'stream 1 behind 3',
      'numerically greater',
    ],
    [
      'padding without end',
      [...start, client(frame(type.DATA, padded, 1, Buffer.from('ff00', 'hex')))],
      'client',
      'ff00',
      'length of the padding',
    ],
    [
      'DATA of a stream that nobody opened',
      [...start, client(data(3))],
      'client',
      'DATA of stream 3, which was never opened',
      'in this state [idle]',
    ],
    [
      'an answer to what nobody asked',
      [...start, response(5)],
      'server',
      'HEADERS of stream 5, which was never opened',
      'in this state [idle]',
    ],
    [
      'credit for a stream of the server',
      [...hello, request(3), server(frame(type.WINDOW_UPDATE, 0, 2, Buffer.from([0, 0, 0, 1])))],
      'server',
      'WINDOW_UPDATE of stream 2, which was never opened',
      'in this state [idle]',
    ],
    [
      'a promise',
      [
        ...start,
        server(
          frame(type.PUSH_PROMISE, endHeaders, 1, Buffer.concat([Buffer.from([0, 0, 0, 2]), requestBlock])),
        ),
      ],
      'server',
      'PUSH_PROMISE',
      'no PUSH_PROMISE',
    ],
  ])('%s', (_, pieces, from, got, wanted) => {
    const { streams, troubles } = readAll(pieces);
    const stream = streams.at(-1) as WireStream;
    expect(troubles).toEqual([]);
    expect(stream.problems).toEqual([
      {
        from,
        offset: expect.any(Number),
        wanted: expect.stringContaining(wanted),
        got,
        frame: stream.frames.length - 1,
      },
    ]);
  });

  it.each<[string, readonly Piece[]]>([
    [
      'frames that were on their way when the other side ended it',
      [...start, client(reset()), response(), server(data())],
    ],
    ['RST_STREAM behind END_STREAM', [...hello, ...whole(), server(reset())]],
    [
      'credit behind END_STREAM',
      [...hello, ...whole(), client(frame(type.WINDOW_UPDATE, 0, 1, Buffer.from([0, 0, 0, 1])))],
    ],
    [
      'PRIORITY of a stream that is not open yet',
      [...start, client(frame(type.PRIORITY, 0, 7, Buffer.alloc(5)))],
    ],
    ['a type that nobody knows', [...start, server(frame(0x1f, 0, 9, Buffer.alloc(5)))]],
    [
      'an informational response',
      [...start, server(frame(type.HEADERS, endHeaders, 1, informational)), response()],
    ],
    ['a request without a body', [...ended, trailers()]],
  ])('but this is right: %s', (_, pieces) => {
    const { streams, troubles } = readAll(pieces);
    expect(troubles).toEqual([]);
    expect(streams.flatMap(({ problems }) => problems)).toEqual([]);
  });

  it('a frame of a stream that nobody opened is shown with those that are open', () => {
    const { streams } = readAll([...start, request(3), client(data(5))]);
    for (const { frames } of streams) expect(frames.at(-1)).toMatchObject({ type: 'DATA', stream: 5 });
  });

  it('and with the next one where none is: DATA before its HEADERS', () => {
    const { problems } = first(readAll([...hello, client(data(1)), request()]));
    expect(problems).toMatchObject([{ from: 'client', got: 'DATA of stream 1, which was never opened' }]);
  });

  it('but nobody knows what was opened when the client cannot be read', () => {
    const broken = client(frame(type.PING, 0, 0, Buffer.alloc(7)));
    const { problems } = first(readAll([...start, broken, response(3), response(1)]));
    expect(problems).toMatchObject([{ from: 'client' }]);
  });

  it('a promise is decoded, and what it promised is left alone', () => {
    // RFC 7541, 6.2.1: with indexing, so that the next block refers to it.
    const indexed = Buffer.concat([
      Buffer.from([0, 0, 0, 2, 0x40, 1]),
      Buffer.from('a'),
      Buffer.from([1]),
      Buffer.from('b'),
    ]);
    const { streams, troubles } = readAll([
      ...start,
      server(frame(type.PUSH_PROMISE, 0, 1, indexed.subarray(0, 5))),
      server(frame(type.CONTINUATION, endHeaders, 1, indexed.subarray(5))),
      server(frame(type.HEADERS, endHeaders, 2, Buffer.from([0xbe])), data(2, endStream)),
      server(frame(type.HEADERS, endHeaders, 1, Buffer.concat([responseBlock, Buffer.from([0xbe])]))),
    ]);
    expect(troubles).toEqual([]);
    expect(streams).toHaveLength(1);
    expect(streams[0]?.problems).toHaveLength(1);
    expect(streams[0]?.frames[4]?.headers).toEqual([{ name: 'a', value: 'b' }]);
    expect(streams[0]?.response.headers).toEqual([
      { name: ':status', value: '200' },
      { name: 'a', value: 'b' },
    ]);
  });

  it('a request without a body has headers and no trailers', () => {
    const { request } = first(readAll(ended));
    expect(request).toMatchObject({ headersFrame: 2, endFrame: 2, trailers: [] });
    expect(request).not.toHaveProperty('trailersFrame');
  });
});

describe('frames about the whole connection', () => {
  it('are in each stream that is open', () => {
    const { streams } = readAll([
      ...hello,
      request(1),
      request(3),
      ping('server'),
      ...whole(5),
      trailers(1),
      ping('client'),
    ]);
    const pings = streams.map((stream) => types(stream).filter((each) => each.includes('PING')));
    // The response of stream 1 ended, its request did not.
    expect(pings).toEqual([['3 server PING', '5 client PING'], ['1 server PING', '2 client PING'], []]);
  });

  it('wait for the next stream while none is open, the last 16 of them', () => {
    const pings = Array.from({ length: 20 }, () => ping('client'));
    const { streams } = readAll([...hello, ...whole(1), ...pings, ...whole(3), ...whole(5)]);
    const [, next, last] = streams;
    expect(next?.omitted).toBe(4);
    expect(next?.frames[0]).toMatchObject({ number: 4, type: 'PING' });
    expect(next?.frames[16]).toMatchObject({ number: 20, type: 'HEADERS' });
    expect(next?.request.headersFrame).toBe(20);
    expect(last).toMatchObject({ omitted: 0, request: { headersFrame: 0 } });
  });
});

describe('memory', () => {
  it('of frames: 64, and then those that tell how it went', () => {
    const pings = Array.from({ length: 100 }, () => ping('server'));
    const goaway = server(frame(type.GOAWAY, 0, 0, Buffer.alloc(8)));
    const stream = first(
      readAll([
        ...hello,
        request(),
        ...pings,
        client(data()),
        client(data(1, endStream)),
        response(),
        goaway,
        server(data()),
        trailers(),
      ]),
    );
    expect(stream.frames).toHaveLength(64 + 4);
    expect(stream.omitted).toBe(39 + 2);
    expect(types(stream).slice(64)).toEqual([
      '104 client DATA',
      '105 server HEADERS',
      '106 server GOAWAY',
      '108 server HEADERS',
    ]);
    expect(stream.request).toMatchObject({ endFrame: 104, messages: [{ frame: 103 }, { frame: 104 }] });
    expect(stream.response).toMatchObject({
      headersFrame: 105,
      messages: [{ frame: 107 }],
      trailersFrame: 108,
    });
  });

  it('of frames: never more than 128', () => {
    const again = Array.from({ length: 200 }, () => response());
    const stream = first(readAll([...hello, request(), ...again]));
    expect(stream.frames).toHaveLength(128);
    expect(stream.omitted).toBe(75);
    expect(stream.problems).toHaveLength(16);
  });

  it('of resets: 16', () => {
    const { resets } = first(
      readAll([...hello, request(), ...Array.from({ length: 30 }, () => server(reset()))]),
    );
    expect(resets).toHaveLength(16);
  });

  it('of messages: 128, and the number of the others', () => {
    const { request: sent } = first(
      readAll([...hello, request(), ...Array.from({ length: 130 }, () => client(data()))]),
    );
    expect(sent.messages).toHaveLength(128);
    expect(sent).toMatchObject({ omitted: 2, restBytes: 0 });
  });

  it('of streams that are over: 64', () => {
    const calls = (count: number) => Array.from({ length: count }, (_, index) => whole(3 + 2 * index)).flat();
    const late = server(reset(1));
    const seen = first(readAll([...hello, ...whole(1), ...calls(63), late]));
    expect(seen.resets).toEqual([{ from: 'server', code: 'CANCEL', frame: 7 }]);
    const forgotten = readAll([...hello, ...whole(1), ...calls(64), late]);
    expect(first(forgotten).resets).toEqual([]);
    expect(forgotten.streams.flatMap(({ problems }) => problems)).toEqual([]);
  });
});
