import http2 from 'node:http2';
import { describe, expect, it } from 'vitest';
import { makeRandom, type Random } from '../../fixtures/random.ts';
import { recordSession } from '../../fixtures/recorded-session.ts';
import type { Header } from '../../model/wire.ts';
import type { Frame } from '../http2/frame.ts';
import { makeFrameReader } from '../http2/frames.ts';
import { frameFlag, frameType } from '../http2/names.ts';
import { fragmentOf } from '../http2/padding.ts';
import { type HeaderDecoder, HpackError, makeHeaderDecoder } from './hpack.ts';
import { codeLengths, makeCodes } from './huffman-table.ts';
import { readInteger } from './primitives.ts';

function hex(text: string): Buffer {
  return Buffer.from(text.replaceAll(/\s/g, ''), 'hex');
}

/** `name: value`, as the appendix writes them. */
function lines(headers: readonly Header[]): readonly string[] {
  return headers.map(({ name, value }) => `${name}: ${value}`);
}

/** The dynamic table, newest first: what indices 62 and following refer to. */
function tableOf(decoder: HeaderDecoder): readonly string[] {
  const entries: Header[] = [];
  for (let index = 62; index < 127; index++) {
    try {
      entries.push(...decoder.decode(Buffer.of(0x80 | index)));
    } catch {
      break;
    }
  }
  return lines(entries);
}

function failureOf(decode: () => unknown): Pick<HpackError, 'offset' | 'wanted' | 'got'> {
  try {
    decode();
  } catch (error) {
    if (error instanceof HpackError) return error;
    throw error;
  }
  throw new Error('wanted an HpackError, got none');
}

describe('RFC 7541, appendix C.1: integers', () => {
  it.each([
    ['C.1.1: 10 with a 5-bit prefix', 5, 'ea', 10],
    ['C.1.2: 1337 with a 5-bit prefix', 5, '1f9a0a', 1337],
    ['C.1.3: 42 at an octet boundary', 8, '2a', 42],
    ['the largest in the prefix', 5, 'fe', 30],
    ['the smallest behind the prefix', 5, 'ff00', 31],
    ['more than 32 bits', 7, 'ffffffffff7f', 127 + 2 ** 35 - 1],
  ])('%s', (_, prefixBits, bytes, value) => {
    const cursor = { block: hex(bytes), at: 0 };
    expect(readInteger(cursor, prefixBits)).toBe(value);
    expect(cursor.at).toBe(cursor.block.length);
  });

  it.each([
    ['ends in the middle', '1f9a', 'a whole integer (RFC 7541, 5.1)'],
    ['goes on and on', `1f${'80'.repeat(1000)}`, 'an integer of at most 5 octets behind its first'],
  ])('one that %s is none', (_, bytes, wanted) => {
    const failure = failureOf(() => readInteger({ block: hex(bytes), at: 0 }, 5));
    expect(failure.wanted).toContain(wanted);
    expect(failure.offset).toBe(0);
  });
});

describe('RFC 7541, appendix C.2: header fields', () => {
  it.each([
    [
      'C.2.1: with indexing',
      '400a 6375 7374 6f6d 2d6b 6579 0d63 7573 746f 6d2d 6865 6164 6572',
      'custom-key: custom-header',
      ['custom-key: custom-header'],
    ],
    ['C.2.2: without indexing', '040c 2f73 616d 706c 652f 7061 7468', ':path: /sample/path', []],
    ['C.2.3: never indexed', '1008 7061 7373 776f 7264 0673 6563 7265 74', 'password: secret', []],
    ['C.2.4: indexed', '82', ':method: GET', []],
  ])('%s', (_, block, field, table) => {
    const decoder = makeHeaderDecoder();
    expect(lines(decoder.decode(hex(block)))).toEqual([field]);
    expect(tableOf(decoder)).toEqual(table);
  });
});

interface Example {
  readonly block: string;
  readonly fields: readonly string[];
  readonly table: readonly string[];
}

const requests = [
  [':method: GET', ':scheme: http', ':path: /', ':authority: www.example.com'],
  [':method: GET', ':scheme: http', ':path: /', ':authority: www.example.com', 'cache-control: no-cache'],
  [
    ':method: GET',
    ':scheme: https',
    ':path: /index.html',
    ':authority: www.example.com',
    'custom-key: custom-value',
  ],
];

const requestTables = [
  [':authority: www.example.com'],
  ['cache-control: no-cache', ':authority: www.example.com'],
  ['custom-key: custom-value', 'cache-control: no-cache', ':authority: www.example.com'],
];

const [at21, at22] = ['date: Mon, 21 Oct 2013 20:13:21 GMT', 'date: Mon, 21 Oct 2013 20:13:22 GMT'];
const location = 'location: https://www.example.com';
const cookie = 'set-cookie: foo=ASDJKHQKBZXOQWEOPIUAXQWEOIU; max-age=3600; version=1';

const responses = [
  [':status: 302', 'cache-control: private', at21, location],
  [':status: 307', 'cache-control: private', at21, location],
  [':status: 200', 'cache-control: private', at22, location, 'content-encoding: gzip', cookie],
];

/** 256 bytes: each response evicts what the one before had added. */
const responseTables = [
  [location, at21, 'cache-control: private', ':status: 302'],
  [':status: 307', location, at21, 'cache-control: private'],
  [cookie, 'content-encoding: gzip', at22],
];

function examples(
  fields: readonly (readonly string[])[],
  tables: readonly (readonly string[])[],
  blocks: readonly string[],
): readonly Example[] {
  return blocks.map((block, index) => ({ block, fields: fields[index] ?? [], table: tables[index] ?? [] }));
}

describe('RFC 7541, appendix C.3 to C.6: one message after another', () => {
  it.each<[string, string, readonly Example[]]>([
    [
      'C.3: requests without Huffman coding',
      '',
      examples(requests, requestTables, [
        '8286 8441 0f77 7777 2e65 7861 6d70 6c65 2e63 6f6d',
        '8286 84be 5808 6e6f 2d63 6163 6865',
        '8287 85bf 400a 6375 7374 6f6d 2d6b 6579 0c63 7573 746f 6d2d 7661 6c75 65',
      ]),
    ],
    [
      'C.4: requests with Huffman coding',
      '',
      examples(requests, requestTables, [
        '8286 8441 8cf1 e3c2 e5f2 3a6b a0ab 90f4 ff',
        '8286 84be 5886 a8eb 1064 9cbf',
        '8287 85bf 4088 25a8 49e9 5ba9 7d7f 8925 a849 e95b b8e8 b4bf',
      ]),
    ],
    [
      'C.5: responses without Huffman coding',
      '3fe1 01',
      examples(responses, responseTables, [
        `4803 3330 3258 0770 7269 7661 7465 611d 4d6f 6e2c 2032 3120 4f63 7420 3230 3133
         2032 303a 3133 3a32 3120 474d 546e 1768 7474 7073 3a2f 2f77 7777 2e65 7861 6d70
         6c65 2e63 6f6d`,
        '4803 3330 37c1 c0bf',
        `88c1 611d 4d6f 6e2c 2032 3120 4f63 7420 3230 3133 2032 303a 3133 3a32 3220 474d
         54c0 5a04 677a 6970 7738 666f 6f3d 4153 444a 4b48 514b 425a 584f 5157 454f 5049
         5541 5851 5745 4f49 553b 206d 6178 2d61 6765 3d33 3630 303b 2076 6572 7369 6f6e
         3d31`,
      ]),
    ],
    [
      'C.6: responses with Huffman coding',
      '3fe1 01',
      examples(responses, responseTables, [
        `4882 6402 5885 aec3 771a 4b61 96d0 7abe 9410 54d4 44a8 2005 9504 0b81 66e0 82a6
         2d1b ff6e 919d 29ad 1718 63c7 8f0b 97c8 e9ae 82ae 43d3`,
        '4883 640e ffc1 c0bf',
        `88c1 6196 d07a be94 1054 d444 a820 0595 040b 8166 e084 a62d 1bff c05a 839b d9ab
         77ad 94e7 821d d7f2 e6c7 b335 dfdf cd5b 3960 d5af 2708 7f36 72c1 ab27 0fb5 291f
         9587 3160 65c0 03ed 4ee5 b106 3d50 07`,
      ]),
    ],
  ])('%s', (_, tableSize, messages) => {
    const decoder = makeHeaderDecoder();
    decoder.decode(hex(tableSize));
    for (const { block, fields, table } of messages) {
      expect(lines(decoder.decode(hex(block)))).toEqual(fields);
      expect(tableOf(decoder)).toEqual(table);
    }
  });
});

describe('the dynamic table', () => {
  const add = (name: string, value: string) =>
    Buffer.concat([
      Buffer.of(0x40, name.length),
      Buffer.from(name),
      Buffer.of(value.length),
      Buffer.from(value),
    ]);

  it('is emptied by an entry that is larger than it (4.4)', () => {
    const decoder = makeHeaderDecoder();
    decoder.decode(Buffer.concat([hex('3f21'), add('a', '1')]));
    expect(tableOf(decoder)).toEqual(['a: 1']);
    expect(lines(decoder.decode(add('b', 'x'.repeat(64))))).toEqual([`b: ${'x'.repeat(64)}`]);
    expect(tableOf(decoder)).toEqual([]);
  });

  it('may be made small and large again at the beginning of one block (4.2)', () => {
    const decoder = makeHeaderDecoder();
    decoder.decode(add('a', '1'));
    expect(lines(decoder.decode(Buffer.concat([hex('20 3fe11f'), add('b', '2')])))).toEqual(['b: 2']);
    expect(tableOf(decoder)).toEqual(['b: 2']);
  });

  it.each([
    ['holds 4,096 bytes at first (RFC 9113, 6.5.2)', 'e0 1e', 4096 - 33, 1],
    ['and no more', 'e1 1e', 4096 - 32, 0],
  ])('%s', (_, length, octets, entries) => {
    const decoder = makeHeaderDecoder();
    const [field] = decoder.decode(Buffer.concat([hex(`40 0161 7f ${length}`), Buffer.alloc(octets, 'x')]));
    expect(field?.value.length).toBe(octets);
    expect(tableOf(decoder).length).toBe(entries);
  });

  it('is right after a thousand evictions', () => {
    const decoder = makeHeaderDecoder();
    decoder.decode(hex('3f45')); // 100 bytes: two entries of 36 to 38
    for (let count = 0; count < 1000; count++) {
      decoder.decode(add('n', `${count}`));
      expect(tableOf(decoder)).toEqual(
        [count, count - 1].filter((each) => each >= 0).map((each) => `n: ${each}`),
      );
    }
  });

  it('takes the name of an entry that the new one evicts (4.4)', () => {
    const decoder = makeHeaderDecoder();
    decoder.decode(Buffer.concat([hex('3f09'), add('name', '1')])); // 40 bytes
    expect(lines(decoder.decode(hex('7e 01 32')))).toEqual(['name: 2']);
    expect(tableOf(decoder)).toEqual(['name: 2']);
  });
});

describe('what is no header block', () => {
  it.each([
    ['index 0 (6.1)', '82 80', 1, 'an index within the tables', '0'],
    ['an index behind the tables (2.3.3)', '82 be', 1, 'an index within the tables', '62'],
    ['a name behind the tables', '7f 00 01 61', 0, 'an index within the tables', '63'],
    ['a size update behind a field (4.2)', '82 20', 1, 'RFC 7541, 4.2', 'one behind a header field'],
    ['a table above the bound', '3f e2ff3f', 0, 'a dynamic table of at most 1048576 bytes', '1048577'],
    ['a string behind the end', '40 0161 05 6162', 3, 'a string of 5 octets (RFC 7541, 5.2)', '2 to the end'],
    ['a name without a value', '40 0161', 3, 'a whole integer', 'the end of the header block'],
    ['a literal that only begins', '40', 1, 'a whole integer', 'the end of the header block'],
    ['padding of zeros (5.2)', '04 81 18', 1, 'a Huffman-coded string', '18'],
    ['padding of eight bits (5.2)', '04 82 1f ff', 1, 'a Huffman-coded string', '1fff'],
    ['nothing but padding', '04 81 ff', 1, 'a Huffman-coded string', 'ff'],
    ['EOS (5.2)', '04 84 ffff fffc', 1, 'a Huffman-coded string', 'fffffffc'],
    [
      'EOS across the middle of an octet',
      '04 86 07ff ffff e0 01',
      1,
      'a Huffman-coded string',
      '07ffffffe001',
    ],
    ['EOS and a letter behind it', '04 85 ffff fffc 7f', 1, 'a Huffman-coded string', 'fffffffc7f'],
  ])('%s', (_, block, offset, wanted, got) => {
    const failure = failureOf(() => makeHeaderDecoder().decode(hex(block)));
    expect(failure.wanted).toContain(wanted);
    expect(failure.got).toContain(got);
    expect(failure.offset).toBe(offset);
  });

  it('a whole table of one megabyte is allowed', () => {
    expect(makeHeaderDecoder().decode(hex('3f e1ff3f'))).toEqual([]);
  });

  it('a small block of many references ends at a bound', () => {
    const decoder = makeHeaderDecoder();
    const value = 'x'.repeat(3000);
    decoder.decode(Buffer.concat([hex('40 0161 7f b916'), Buffer.from(value)]));
    expect(tableOf(decoder)).toEqual([`a: ${value}`]);
    const failure = failureOf(() => decoder.decode(Buffer.alloc(1 << 20, 0xbe)));
    expect(failure.wanted).toContain('header fields of at most 1048576 bytes');
    expect(failure.offset).toBe(Math.floor((1 << 20) / 3033));
  });
});

describe('the Huffman code', () => {
  it('may make a long string', () => {
    const [field] = makeHeaderDecoder().decode(Buffer.concat([hex('04 ff b617'), Buffer.alloc(3125)]));
    expect(field?.value).toBe('0'.repeat(5000));
  });

  it.each([
    [0, 0x1ff8, 13],
    [10, 0x3ffffffc, 30],
    [22, 0x3ffffffe, 30],
    [0x30, 0x0, 5],
    [0x58, 0xfc, 8],
    [0x5c, 0x7fff0, 19],
    [0x7f, 0xffffffc, 28],
    [0xf9, 0xffffffe, 28],
    [0xff, 0x3ffffee, 26],
    [256, 0x3fffffff, 30],
  ])('of %i is that of appendix B', (symbol, code, bits) => {
    expect(makeCodes()[symbol]).toBe(code);
    expect(codeLengths[symbol]).toBe(bits);
  });

  it('has 257 codes, none of which is missing or too many', () => {
    expect(makeCodes().length).toBe(257);
    expect(codeLengths.reduce((sum, bits) => sum + 2 ** -bits, 0)).toBe(1);
  });
});

/** The header blocks of one direction, decoded. */
function blocksOf(from: 'client' | 'server', bytes: Buffer): readonly (readonly Header[])[] {
  const decoder = makeHeaderDecoder();
  const blocks: (readonly Header[])[] = [];
  let fragments: Buffer[] = [];
  function take(frame: Frame): void {
    if (frame.type !== frameType.HEADERS && frame.type !== frameType.CONTINUATION) return;
    fragments.push(fragmentOf(frame));
    if (!(frame.flags & frameFlag.END_HEADERS)) return;
    blocks.push(decoder.decode(Buffer.concat(fragments)));
    fragments = [];
  }
  const reader = makeFrameReader(from, 0, {
    frame: take,
    opaque: () => expect.fail('opaque'),
    problem: (problem) => expect.fail(JSON.stringify(problem)),
  });
  reader.read(bytes);
  return blocks;
}

function randomValue(random: Random): string {
  const letters = random.below(2) ? 256 : 128;
  // Neither NUL, nor the ends of a line, nor blanks at the ends: they are no values (RFC 9113, 8.2.1).
  const octets = Array.from({ length: random.below(random.below(10) ? 40 : 4000) }, () =>
    random.below(letters),
  );
  return Buffer.from(octets.filter((octet) => ![0, 9, 10, 13, 32].includes(octet))).toString('latin1');
}

/** Some names and values come again, so that there is something to index. */
function randomHeaders(random: Random, pool: Header[]): readonly Header[] {
  return Array.from({ length: 1 + random.below(8) }, (_, index) => {
    const again = random.below(2) ? pool[random.below(pool.length)] : undefined;
    const name = again?.name.replace(/\d+$/, '') ?? `x-${'abcdefgh'.slice(0, random.below(8))}-`;
    const header = { name: `${name}${index}`, value: again?.value ?? randomValue(random) };
    pool.push(header);
    return header;
  });
}

function toNode(headers: readonly Header[]): http2.OutgoingHttpHeaders {
  return Object.fromEntries(headers.map(({ name, value }) => [name, value]));
}

describe('an honest encoder', () => {
  it.concurrent.each([0, 100, 4096, 65536])(
    'is understood, with a table of %i bytes',
    async (headerTableSize) => {
      const random = makeRandom(headerTableSize + 1);
      const pool: Header[] = [];
      const sent = { client: [] as (readonly Header[])[], server: [] as (readonly Header[])[] };
      const options = { maxDeflateDynamicTableSize: 65536, settings: { headerTableSize } };
      const recorded = await recordSession(options, {
        calls: 100,
        request() {
          const headers = [
            { name: ':method', value: 'POST' },
            { name: ':path', value: `/${random.below(1000)}` },
            { name: ':scheme', value: 'http' },
            { name: ':authority', value: 'localhost' },
            ...randomHeaders(random, pool),
          ];
          sent.client.push(headers);
          const never = headers.slice(4).filter(() => random.below(4) === 0);
          return { ...toNode(headers), [http2.sensitiveHeaders]: never.map(({ name }) => name) };
        },
        response(isTrailers) {
          const headers = randomHeaders(random, pool);
          sent.server.push(isTrailers ? headers : [{ name: ':status', value: '200' }, ...headers]);
          return toNode(headers);
        },
      });
      expect(blocksOf('client', recorded.client)).toEqual(sent.client);
      expect(blocksOf('server', recorded.server)).toEqual(sent.server);
    },
  );

  // All but transfer-encoding, which node:http2 does not send.
  const known =
    'accept-charset accept-encoding accept-language accept-ranges accept access-control-allow-origin age allow authorization cache-control content-disposition content-encoding content-language content-length content-location content-range content-type cookie date etag expect expires from host if-match if-modified-since if-none-match if-range if-unmodified-since last-modified link location max-forwards proxy-authenticate proxy-authorization range referer refresh retry-after server set-cookie strict-transport-security user-agent vary via www-authenticate';

  it('and we have the same static table', async () => {
    const statuses = ['200', '204', '206', '304', '400', '404', '500'];
    const left = [...statuses];
    // Node checks the length; every other value is another.
    const given: Readonly<Record<string, string>> = {
      'accept-encoding': 'gzip, deflate',
      'content-length': '7',
    };
    const fields = known.split(' ').map((name, index) => ({ name, value: given[name] ?? `${100 + index}` }));
    const pseudo = { ':method': 'POST', ':authority': 'a', ':scheme': 'https', ':path': '/index.html' };
    const recorded = await recordSession(
      {},
      {
        calls: statuses.length,
        request: () => ({ ...pseudo, ...toNode(fields) }),
        response: (isTrailers) => (isTrailers ? {} : { ':status': Number(left.shift()) }),
      },
    );
    const requests = blocksOf('client', recorded.client);
    expect(requests.length).toBe(statuses.length);
    for (const block of requests) {
      expect(Object.fromEntries(block.map(({ name, value }) => [name, value]))).toEqual({
        ...pseudo,
        ...toNode(fields),
      });
    }
    const answers = blocksOf('server', recorded.server).flatMap((block) =>
      block.filter(({ name }) => name === ':status'),
    );
    expect(answers.map(({ value }) => value)).toEqual(statuses);
  });

  it('is understood, whatever octet a value has', async () => {
    // NUL aside, which node:http2 does not send. Behind many short codes, so that the value is
    // shorter in Huffman code.
    const values = Array.from(
      { length: 255 },
      (_, index) => `${'0'.repeat(60)}${String.fromCharCode(index + 1)}0`,
    );
    const recorded = await recordSession(
      {},
      {
        calls: 1,
        request: () => ({
          ':method': 'POST',
          ...toNode(values.map((value, octet) => ({ name: `x-${octet}`, value }))),
        }),
        response: () => ({}),
      },
    );
    const [block = []] = blocksOf('client', recorded.client);
    expect(block.slice(4).map(({ value }) => value)).toEqual(values);
  });
});
