import { describe, expect, it } from 'vitest';
import type { Role } from '../../model/peer.ts';
import type { Frame } from './frame.ts';
import { type FrameProblem, makeFrameReader } from './frames.ts';
import { errorName, flagNames, frameFlag, frameType, says, typeName } from './names.ts';
import { dataOf, fragmentOf } from './padding.ts';

const preface = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');

/** A frame's bytes; `length` is a lie unless it is left out. */
function bytesOf(
  type: number,
  { flags = 0, stream = 0, length, payload = Buffer.alloc(0) }: Partial<Omit<Frame, 'offset' | 'type'>> = {},
): Buffer {
  const header = Buffer.alloc(9);
  header.writeUIntBE(length ?? payload.length, 0, 3);
  header.writeUInt8(type, 3);
  header.writeUInt8(flags, 4);
  header.writeUInt32BE(stream, 5);
  return Buffer.concat([header, payload]);
}

function hex(text: string): Buffer {
  return Buffer.from(text.replaceAll(' ', ''), 'hex');
}

const settings = bytesOf(frameType.SETTINGS);

interface Read {
  readonly frames: Frame[];
  readonly problems: FrameProblem[];
  opaque: number;
}

/** What a reader makes of one direction that comes in these chunks. */
function read(from: Role, chunks: readonly Buffer[], keptBytes = 1024): Read {
  const found: Read = { frames: [], problems: [], opaque: 0 };
  const reader = makeFrameReader(from, keptBytes, {
    frame: (frame) => found.frames.push(frame),
    problem: (problem) => found.problems.push(problem),
    opaque: () => found.opaque++,
  });
  for (const chunk of chunks) reader.read(chunk);
  return found;
}

/** Of a frame behind the server's SETTINGS. */
function readOne(frame: Buffer, keptBytes?: number): Frame {
  const { frames, problems } = read('server', [settings, frame], keptBytes);
  expect(problems).toEqual([]);
  expect(frames.length).toBe(2);
  return frames[1] as Frame;
}

function problemOf(from: Role, ...chunks: readonly Buffer[]): FrameProblem {
  const { problems, opaque } = read(from, [...chunks, settings, settings]);
  expect(opaque).toBe(0);
  expect(problems.length).toBe(1);
  return problems[0] as FrameProblem;
}

const session = Buffer.concat([
  preface,
  bytesOf(frameType.SETTINGS, { payload: hex('0004 0000ffff') }),
  bytesOf(frameType.HEADERS, { stream: 1, flags: frameFlag.END_HEADERS, payload: hex('828684') }),
  bytesOf(frameType.DATA, { stream: 1, payload: Buffer.from('hello') }),
  bytesOf(0x1f, { stream: 1, flags: 0xff, payload: Buffer.alloc(300, 7) }),
  bytesOf(frameType.DATA, { stream: 0x80000001, flags: frameFlag.END_STREAM }),
  bytesOf(frameType.PING, { payload: hex('0102030405060708') }),
]);

describe('a frame reader', () => {
  const whole = read('client', [session]);

  it('reads frames of every kind', () => {
    expect(whole.problems).toEqual([]);
    expect(whole.opaque).toBe(0);
    expect(
      whole.frames.map(({ payload, ...header }) => ({ ...header, payload: payload.toString('hex') })),
    ).toEqual([
      { offset: 24, type: 4, flags: 0, stream: 0, length: 6, payload: '00040000ffff' },
      { offset: 39, type: 1, flags: 4, stream: 1, length: 3, payload: '828684' },
      { offset: 51, type: 0, flags: 0, stream: 1, length: 5, payload: '68656c6c6f' },
      { offset: 65, type: 0x1f, flags: 0xff, stream: 1, length: 300, payload: '07'.repeat(300) },
      { offset: 374, type: 0, flags: 1, stream: 1, length: 0, payload: '' },
      { offset: 383, type: 6, flags: 0, stream: 0, length: 8, payload: '0102030405060708' },
    ]);
  });

  it('reads the same, wherever the bytes are cut', () => {
    for (let at = 0; at <= session.length; at++) {
      expect(read('client', [session.subarray(0, at), session.subarray(at)])).toEqual(whole);
    }
  });

  it('reads the same, however small the pieces are', () => {
    for (const size of [1, 2, 3, 7, 8, 9, 10, 100]) {
      const count = Math.ceil(session.length / size);
      const chunks = Array.from({ length: count }, (_, index) =>
        session.subarray(index * size, (index + 1) * size),
      );
      expect(read('client', chunks)).toEqual(whole);
    }
  });

  it('keeps the beginning of DATA and of unknown types, and all of the others', () => {
    const payload = Buffer.from('0123456789');
    for (const [type, kept] of [
      [frameType.DATA, '0123'],
      [0x1f, '0123'],
      [frameType.HEADERS, '0123456789'],
    ] as const) {
      const bytes = bytesOf(type, { stream: 1, payload });
      for (const chunks of [
        [bytes],
        [bytes.subarray(0, 11), bytes.subarray(11)],
        [...bytes].map((each) => Buffer.of(each)),
      ]) {
        const { frames } = read(
          'server',
          [settings, ...chunks, bytesOf(frameType.PING, { payload: Buffer.alloc(8) })],
          4,
        );
        expect(frames.map(({ length }) => length)).toEqual([0, 10, 8]);
        expect(frames[1]?.payload.toString()).toBe(kept);
      }
    }
  });

  it('does not copy what is whole', () => {
    const bytes = bytesOf(frameType.DATA, { stream: 1, payload: Buffer.from('hello') });
    const { payload } = readOne(bytes);
    bytes.write('j', 9);
    expect(payload.toString()).toBe('jello');
  });

  it('reads DATA as long as a frame can be', () => {
    const length = 2 ** 24 - 1;
    const megabytes = Array.from({ length: 16 }, (_, index) =>
      Buffer.alloc(index < 15 ? 1 << 20 : (1 << 20) - 1),
    );
    const { frames, problems } = read('server', [
      settings,
      bytesOf(frameType.DATA, { stream: 1, length }),
      ...megabytes,
      bytesOf(frameType.DATA, { stream: 3 }),
    ]);
    expect(problems).toEqual([]);
    expect(frames.map(({ offset, length, payload }) => [offset, length, payload.length])).toEqual([
      [0, 0, 0],
      [9, length, 1024],
      [9 + 9 + length, 0, 0],
    ]);
  });
});

describe('the first bytes of a connection', () => {
  it.each<[string, Role, Buffer, string]>([
    [
      'HTTP/1.1 of a client',
      'client',
      Buffer.from('GET / HTTP/1.1\r\nHost: stitch\r\n'),
      '"GET / HTTP/1.1\\r\\nHost: st"',
    ],
    [
      'HTTP/1.1 of a server',
      'server',
      Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n'),
      '"HTTP/1.1 400 Bad Request"',
    ],
    [
      'HTTP/3 in the preface',
      'client',
      Buffer.from('PRI * HTTP/3.0\r\n\r\nSM\r\n\r\n'),
      '"PRI * HTTP/3.0\\r\\n\\r\\nSM\\r\\n\\r\\n"',
    ],
    ['SETTINGS without preface', 'client', settings, '000000040000000000'],
    ['a preface from the server', 'server', preface, '"PRI * HTTP/2.0\\r\\n\\r\\nSM\\r\\n\\r\\n"'],
    [
      'PING before SETTINGS',
      'server',
      bytesOf(frameType.PING, { payload: Buffer.alloc(8) }),
      `000008060000000000${'00'.repeat(8)}`,
    ],
    ['an alert of TLS', 'server', hex('15 0301 0002 0246 0000'), '150301000202460000'],
  ])('%s is a problem', (_, from, bytes, got) => {
    const problem = problemOf(from, bytes);
    expect(problem).toEqual({ offset: 0, wanted: expect.stringContaining('RFC 9113, 3.4'), got });
  });

  it('must be SETTINGS behind the preface', () => {
    const problem = problemOf('client', preface, bytesOf(frameType.HEADERS, { stream: 1 }));
    expect(problem.offset).toBe(24);
    expect(problem.wanted).toContain('"This sequence MUST be followed by a SETTINGS frame"');
  });

  it('are wrong as soon as one of them is', () => {
    expect(problemOf('client', Buffer.from('PRX'))).toEqual({
      offset: 0,
      wanted: expect.stringContaining('"The client connection preface starts with a sequence of 24 octets"'),
      got: '"PRX"',
    });
  });

  // A record of 0x04xx bytes has 4 where a frame has its type: SETTINGS.
  it.each<[Role, string]>([
    ['client', '16 0301 00c8 01 0000c4'],
    ['server', '16 0303 007a 02 000076'],
    ['server', '16 0303 0412 02 00040e'],
  ])('may be TLS of the %s', (from, start) => {
    const bytes = Buffer.concat([hex(start), Buffer.alloc(200)]);
    for (const chunks of [[bytes], [...bytes].map((each) => Buffer.of(each))]) {
      expect(read(from, chunks)).toEqual({ frames: [], problems: [], opaque: 1 });
    }
  });

  it('are no TLS by the first of them alone', () => {
    expect(problemOf('client', hex('16'), hex('04')).got).toBe('1604');
  });
});

describe('what RFC 9113 forbids', () => {
  const at = (stream: number, length: number) => ({ stream, payload: Buffer.alloc(length) });
  const ack = frameFlag.ACK;

  it.each([
    ['6.1', frameType.DATA, at(0, 1), 'DATA of 1 bytes on stream 0'],
    ['6.2', frameType.HEADERS, at(0, 1), 'HEADERS of 1 bytes on stream 0'],
    ['6.3', frameType.PRIORITY, at(0, 5), 'PRIORITY of 5 bytes on stream 0'],
    ['6.3', frameType.PRIORITY, at(1, 4), 'PRIORITY of 4 bytes on stream 1'],
    ['6.3', frameType.PRIORITY, at(1, 6), 'PRIORITY of 6 bytes on stream 1'],
    ['6.4', frameType.RST_STREAM, at(0, 4), 'RST_STREAM of 4 bytes on stream 0'],
    ['6.4', frameType.RST_STREAM, at(1, 3), 'RST_STREAM of 3 bytes on stream 1'],
    ['6.4', frameType.RST_STREAM, at(1, 5), 'RST_STREAM of 5 bytes on stream 1'],
    ['6.5', frameType.SETTINGS, at(1, 6), 'SETTINGS of 6 bytes on stream 1'],
    ['6.5', frameType.SETTINGS, at(0, 5), 'SETTINGS of 5 bytes on stream 0'],
    ['6.5', frameType.SETTINGS, { ...at(0, 6), flags: ack }, 'SETTINGS with ACK of 6 bytes on stream 0'],
    ['6.6', frameType.PUSH_PROMISE, at(0, 4), 'PUSH_PROMISE of 4 bytes on stream 0'],
    ['4.2', frameType.PUSH_PROMISE, at(1, 3), 'PUSH_PROMISE of 3 bytes on stream 1'],
    ['6.7', frameType.PING, at(1, 8), 'PING of 8 bytes on stream 1'],
    ['6.7', frameType.PING, at(0, 7), 'PING of 7 bytes on stream 0'],
    ['6.7', frameType.PING, at(0, 9), 'PING of 9 bytes on stream 0'],
    ['6.8', frameType.GOAWAY, at(1, 8), 'GOAWAY of 8 bytes on stream 1'],
    ['4.2', frameType.GOAWAY, at(0, 7), 'GOAWAY of 7 bytes on stream 0'],
    ['6.9', frameType.WINDOW_UPDATE, at(0, 3), 'WINDOW_UPDATE of 3 bytes on stream 0'],
    ['6.9', frameType.WINDOW_UPDATE, at(1, 5), 'WINDOW_UPDATE of 5 bytes on stream 1'],
    ['6.10', frameType.CONTINUATION, at(0, 1), 'CONTINUATION of 1 bytes on stream 0'],
  ])('%s: type %i, %o', (section, type, frame, got) => {
    const ping = bytesOf(frameType.PING, at(0, 8));
    const problem = problemOf('server', settings, ping, bytesOf(type, frame));
    expect(problem).toEqual({ offset: 26, wanted: expect.stringMatching(`^RFC 9113, ${section}: "`), got });
  });

  it.each([
    [frameType.SETTINGS, at(0, 60)],
    [frameType.SETTINGS, { flags: ack }],
    [frameType.PRIORITY, at(1, 5)],
    [frameType.RST_STREAM, at(1, 4)],
    [frameType.PUSH_PROMISE, at(1, 4)],
    [frameType.PING, at(0, 8)],
    [frameType.GOAWAY, at(0, 8)],
    [frameType.GOAWAY, at(0, 100)],
    [frameType.WINDOW_UPDATE, at(0, 4)],
    [frameType.WINDOW_UPDATE, at(1, 4)],
    [frameType.CONTINUATION, at(1, 0)],
    [0xff, at(0, 0)],
  ])('but not type %i, %o', (type, frame) => {
    expect(readOne(bytesOf(type, frame)).type).toBe(type);
  });

  it('is told before the payload has come', () => {
    const claim = bytesOf(frameType.PING, { length: 2 ** 24 - 1 });
    expect(problemOf('server', settings, claim).got).toBe('PING of 16777215 bytes on stream 0');
  });

  it.each([
    ['HEADERS', frameType.HEADERS, 1],
    ['CONTINUATION', frameType.CONTINUATION, 1],
    ['GOAWAY', frameType.GOAWAY, 0],
  ])('%s of more than 1 MiB is not read along', (name, type, stream) => {
    const most = 1 << 20;
    expect(readOne(bytesOf(type, { stream, payload: Buffer.alloc(most) })).payload.length).toBe(most);
    expect(problemOf('server', settings, bytesOf(type, { stream, length: most + 1 }))).toEqual({
      offset: 9,
      wanted: `${name} of at most 1048576 bytes, more is not read along`,
      got: `${name} of 1048577 bytes on stream ${stream}`,
    });
  });
});

describe('padding', () => {
  const data = (flags: number, payload: string, keptBytes?: number) =>
    dataOf(readOne(bytesOf(frameType.DATA, { stream: 1, flags, payload: hex(payload) }), keptBytes));
  const fragment = (type: number, flags: number, payload: string) =>
    fragmentOf(readOne(bytesOf(type, { stream: 1, flags, payload: hex(payload) }))).toString('hex');

  it.each([
    ['none', 0, '02 6162 0000', undefined, '0261620000', 5],
    ['two bytes', frameFlag.PADDED, '02 6162 0000', undefined, '6162', 2],
    ['of no bytes', frameFlag.PADDED, '00 6162', undefined, '6162', 2],
    ['and nothing else', frameFlag.PADDED, '02 0000', undefined, '', 0],
    ['behind what is kept', frameFlag.PADDED, '02 61626364 0000', 3, '6162', 4],
    ['of which some is kept', frameFlag.PADDED, '03 6162 000000', 4, '6162', 2],
    ['when nothing is kept', frameFlag.PADDED, '03 6162 000000', 0, '', 2],
  ])('of DATA: %s', (_, flags, payload, kept, bytes, length) => {
    const found = data(flags, payload, kept);
    expect([found.bytes.toString('hex'), found.length]).toEqual([bytes, length]);
  });

  const { PADDED, PRIORITY } = frameFlag;

  it.each([
    ['HEADERS', frameType.HEADERS, 0, '8286', '8286'],
    ['HEADERS with padding', frameType.HEADERS, PADDED, '01 8286 00', '8286'],
    ['HEADERS with priority', frameType.HEADERS, PRIORITY, '00000003 0f 8286', '8286'],
    ['HEADERS with both', frameType.HEADERS, PADDED | PRIORITY, '01 00000003 0f 8286 00', '8286'],
    ['HEADERS with nothing but both', frameType.HEADERS, PADDED | PRIORITY, '01 00000003 0f 00', ''],
    ['PUSH_PROMISE', frameType.PUSH_PROMISE, PADDED, '01 00000002 8286 00', '8286'],
    ['CONTINUATION, whose bits mean nothing', frameType.CONTINUATION, PADDED | PRIORITY, '018286', '018286'],
  ])('of %s', (_, type, flags, payload, bytes) => {
    expect(fragment(type, flags, payload)).toBe(bytes);
  });

  it.each([
    ['DATA without its pad length', () => data(PADDED, '')],
    ['DATA of as many bytes', () => data(PADDED, '02 61')],
    ['HEADERS without their pad length', () => fragment(frameType.HEADERS, PADDED, '')],
    ['HEADERS of too few bytes', () => fragment(frameType.HEADERS, PADDED, '02 82')],
    [
      'HEADERS, into their priority',
      () => fragment(frameType.HEADERS, PADDED | PRIORITY, '02 00000003 0f 00'),
    ],
    ['HEADERS too short for priority', () => fragment(frameType.HEADERS, PRIORITY, '00000003')],
    ['PUSH_PROMISE, into its stream', () => fragment(frameType.PUSH_PROMISE, PADDED, '01 00000002')],
  ])('is longer than %s', (_, read) => {
    expect(read).toThrow('RFC 9113, 6.1: "If the length of the padding');
  });
});

describe('names', () => {
  it('of types', () => {
    expect([0, 7, 9, 10, 0x1f].map(typeName)).toEqual([
      'DATA',
      'GOAWAY',
      'CONTINUATION',
      'type 0xa',
      'type 0x1f',
    ]);
  });

  it('of error codes', () => {
    expect([0, 8, 13, 14, 99, 0xffffffff].map(errorName)).toEqual([
      'NO_ERROR',
      'CANCEL',
      'HTTP_1_1_REQUIRED',
      'code 14',
      'code 99',
      'code 4294967295',
    ]);
  });

  it.each([
    [
      frameType.DATA,
      0xff,
      ['END_STREAM', 'flag 0x2', 'flag 0x4', 'PADDED', 'flag 0x10', 'flag 0x20', 'flag 0x40', 'flag 0x80'],
    ],
    [frameType.HEADERS, 0x2d, ['END_STREAM', 'END_HEADERS', 'PADDED', 'PRIORITY']],
    [frameType.SETTINGS, 1, ['ACK']],
    [frameType.PUSH_PROMISE, 0xc, ['END_HEADERS', 'PADDED']],
    [frameType.PING, 1, ['ACK']],
    [frameType.CONTINUATION, 5, ['flag 0x1', 'END_HEADERS']],
    [frameType.WINDOW_UPDATE, 1, ['flag 0x1']],
    [0x1f, 1, ['flag 0x1']],
    [frameType.HEADERS, 0, []],
  ])('of the flags of type %i, %i', (type, flags, names) => {
    expect(flagNames(type, flags)).toEqual(names);
  });
});

describe('what a frame says', () => {
  it.each([
    ['RST_STREAM', frameType.RST_STREAM, 1, '00000008', 'CANCEL'],
    [
      'SETTINGS',
      frameType.SETTINGS,
      0,
      '0004 0000ffff fe03 00000001',
      'INITIAL_WINDOW_SIZE 65535, GRPC_ALLOW_TRUE_BINARY_METADATA 1',
    ],
    ['SETTINGS without any', frameType.SETTINGS, 0, '', undefined],
    ['WINDOW_UPDATE', frameType.WINDOW_UPDATE, 1, '8000ffff', 'increment 65535'],
    ['GOAWAY', frameType.GOAWAY, 0, '00000005 00000000', 'NO_ERROR, last stream 5'],
    [
      'GOAWAY with more',
      frameType.GOAWAY,
      0,
      `7fffffff 0000000b ${Buffer.from('too_many_pings\x1b').toString('hex')}`,
      'ENHANCE_YOUR_CALM, last stream 2147483647, "too_many_pings\\u001b"',
    ],
    ['PING', frameType.PING, 0, '0102030405060708', '0102030405060708'],
    ['PRIORITY', frameType.PRIORITY, 5, '80000003 0f', 'depends on 3 exclusively, weight 16'],
    ['PUSH_PROMISE', frameType.PUSH_PROMISE, 1, '00000002', 'promises stream 2'],
    ['HEADERS', frameType.HEADERS, 1, '82', undefined],
    ['DATA', frameType.DATA, 1, '82', undefined],
    ['CONTINUATION', frameType.CONTINUATION, 1, '82', undefined],
    ['an unknown type', 0x1f, 1, '82', undefined],
  ])('%s', (_, type, stream, payload, said) => {
    expect(says(readOne(bytesOf(type, { stream, payload: hex(payload) })))).toBe(said);
  });

  it('is cut when it is long', () => {
    const many = says(readOne(bytesOf(frameType.SETTINGS, { payload: Buffer.alloc(6 * 1000) })));
    expect(many).toMatch(/^setting 0x0 0, .*, and 968 more$/);
    const long = says(readOne(bytesOf(frameType.GOAWAY, { payload: Buffer.alloc(8 + 1000, 'x') })));
    expect(long?.endsWith(`"${'x'.repeat(256)}"`)).toBe(true);
  });

  it('of a promise that is not whole, nothing', () => {
    const promise = bytesOf(frameType.PUSH_PROMISE, {
      stream: 1,
      flags: frameFlag.PADDED,
      payload: hex('00000002'),
    });
    expect(says(readOne(promise))).toBeUndefined();
  });
});
