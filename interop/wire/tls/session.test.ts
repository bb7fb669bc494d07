import { beforeAll, describe, expect, it } from 'vitest';
import { conversation as converse, type Wishes } from '../../fixtures/tls/conversation.ts';
import { loadTlsSeeds } from '../../fixtures/tls/sessions.ts';
import type { Piece } from '../../fuzz/pieces.ts';
import { type Authority, makeAuthority } from '../../pki/pki.ts';
import { makeKeyLog } from './secrets.ts';
import { makeTlsSession } from './session.ts';

let authority: Authority;
beforeAll(async () => {
  authority = await makeAuthority('tests');
});

const conversation = (wishes: Wishes, sent?: string) => converse(authority, wishes, sent);

interface Reading {
  /** Keys come only when all has passed. */
  readonly isLate?: boolean;
  /** No more keys come. */
  readonly isOver?: boolean;
  /** In pieces of so many bytes. */
  readonly pieces?: number;
}

/** What reads along with what passed comes to. */
function readAlong(
  passed: readonly Piece[],
  log: string,
  { isLate = false, isOver = false, pieces = Infinity }: Reading = {},
) {
  const keys = makeKeyLog();
  if (!isLate) keys.add(log);
  const opened = { client: '', server: '' };
  const sealed: string[] = [];
  const session = makeTlsSession(1, keys, {
    opened: (from, content) => {
      opened[from] += content;
    },
    sealed: (why) => sealed.push(why),
    broken: ({ from, wanted, got, offset }) =>
      sealed.push(`byte ${offset} from the ${from}: ${got} for ${wanted}`),
  });
  for (const { from, bytes } of passed)
    for (let at = 0; at < bytes.length; at += pieces)
      session.read(from, bytes.subarray(at, at + Math.min(pieces, bytes.length)), at);
  const wasWaiting = session.isWaiting();
  if (isLate) keys.add(log);
  session.keysMayBeThere();
  if (isOver) session.noMoreKeys();
  return { opened, sealed, wasWaiting, isWaiting: session.isWaiting(), handshake: session.handshake };
}

const kinds: readonly (readonly [string, Wishes])[] = [
  ...['TLS_AES_128_GCM_SHA256', 'TLS_AES_256_GCM_SHA384', 'TLS_CHACHA20_POLY1305_SHA256'].map(
    (ciphers) => [`TLS 1.3 ${ciphers}`, { client: { ciphers, minVersion: 'TLSv1.3' } }] as const,
  ),
  ...['ECDHE-ECDSA-AES128-GCM-SHA256', 'ECDHE-ECDSA-AES256-GCM-SHA384', 'ECDHE-ECDSA-CHACHA20-POLY1305'].map(
    (ciphers) => [`TLS 1.2 ${ciphers}`, { client: { ciphers, maxVersion: 'TLSv1.2' } }] as const,
  ),
];

for (const [name, wishes] of kinds)
  for (const keysOf of ['client', 'server'] as const)
    it(`opens ${name} with the keys of the ${keysOf}`, async () => {
      const { passed, keys, answer, leaf } = await conversation(wishes);
      expect(answer).toBe('got 4 bytes');
      const { opened, sealed, isWaiting, handshake } = readAlong(passed, keys[keysOf]);
      expect(sealed).toEqual([]);
      expect(isWaiting).toBe(false);
      expect(opened).toEqual({ client: 'ping', server: answer });
      expect(handshake).toMatchObject({
        serverName: 'stitch.test',
        offers: ['h2'],
        protocol: 'h2',
        version: name.slice(0, 7),
        serverCertificates: [
          expect.stringMatching(
            new RegExp(`^CN=a leaf, for .*, issued by CN=.* \\(SHA-256 ${leaf.fingerprint}\\)$`),
          ),
        ],
        clientBytes: 4,
        serverBytes: 11,
      });
      expect(handshake.clientCertificates).toBeUndefined();
    });

it.each([1, 3, 1000])('reads in pieces of %s bytes, and with keys that come late', async (pieces) => {
  const { passed, keys, answer } = await conversation({}, 'x'.repeat(100_000));
  const late = readAlong(passed, keys.server, { isLate: true, pieces });
  expect(late.wasWaiting).toBe(true);
  expect(late.opened).toEqual({ client: 'x'.repeat(100_000), server: answer });
});

it('reads a handshake that is asked for again (HelloRetryRequest)', async () => {
  const { passed, keys, answer } = await conversation({
    server: { ecdhCurve: 'P-521' },
    client: { ecdhCurve: 'X25519:P-521' },
  });
  expect(readAlong(passed, keys.client).opened).toEqual({ client: 'ping', server: answer });
});

it.each(['TLSv1.2', 'TLSv1.3'] as const)(
  'reads a session of %s that goes on from another',
  async (version) => {
    const ticketKeys = Buffer.alloc(48, 7);
    const wishes = { server: { ticketKeys }, client: { maxVersion: version, minVersion: version } } as const;
    const first = await conversation(wishes);
    const { passed, keys, answer } = await conversation({
      ...wishes,
      client: { ...wishes.client, ...(first.session && { session: first.session }) },
    });
    const { opened, handshake } = readAlong(passed, keys.server);
    expect(handshake.serverCertificates).toBeUndefined();
    expect(opened).toEqual({ client: 'ping', server: answer });
  },
);

it('tells of a certificate of the client, and of its being wanted', async () => {
  const mine = await authority.issue({ purpose: 'client' });
  const { passed, keys } = await conversation({
    server: { requestCert: true, rejectUnauthorized: true, ca: authority.pem },
    client: { cert: mine.chain, key: mine.key },
  });
  const { handshake } = readAlong(passed, keys.server);
  expect(handshake.asksCertificate).toBe(true);
  expect(handshake.clientCertificates?.[0]).toContain(`(SHA-256 ${mine.fingerprint})`);
});

it('tells who refused what by which alert', async () => {
  const { passed, keys } = await conversation({
    server: { requestCert: true, rejectUnauthorized: true, ca: authority.pem },
  });
  // The server refused before it knew the key of what the client had sent already.
  const { handshake, opened } = readAlong(passed, keys.server, { isOver: true });
  expect(opened.client).toBe('');
  expect(handshake.clientCertificates).toEqual([]);
  expect(handshake.alerts).toContainEqual(
    expect.objectContaining({
      from: 'server',
      name: expect.stringMatching(/certificate_required|unknown_ca/),
    }),
  );
});

it('says what is in the open where nobody tells the keys', async () => {
  const { passed } = await conversation({});
  const { opened, isWaiting, sealed, handshake } = readAlong(passed, '');
  expect(opened).toEqual({ client: '', server: '' });
  expect([isWaiting, sealed]).toEqual([true, []]);
  expect(handshake).toMatchObject({ serverName: 'stitch.test', offers: ['h2'], version: 'TLS 1.3' });
  expect(handshake.serverCertificates).toBeUndefined();
});

it('does not hold more than a megabyte for keys that do not come', async () => {
  const { passed } = await conversation({}, 'x'.repeat(2_000_000));
  const { sealed, isWaiting } = readAlong(passed, '');
  expect([sealed, isWaiting]).toEqual([['nobody told the keys of this connection'], false]);
});

it('says so when the keys do not open the records', async () => {
  const { passed, keys } = await conversation({});
  const wrong = keys.server.replaceAll(/ [0-9a-f]+$/gm, (secret) => ` ${'0'.repeat(secret.length - 1)}`);
  expect(readAlong(passed, wrong)).toMatchObject({ sealed: [], isWaiting: true });
  const { sealed, handshake } = readAlong(passed, wrong, { isOver: true });
  expect(sealed).toEqual(['the keys that were told do not open its records']);
  expect(handshake.unread).toEqual(sealed[0]);
});

describe.each(['TLSv1.2', 'TLSv1.3'] as const)('where one end tells wrong keys, in %s', (version) => {
  it.each([false, true])(
    'the right ones of the other open the records (they come later: %s)',
    async (isLate) => {
      const { passed, keys } = await conversation({ client: { minVersion: version, maxVersion: version } });
      const wrong = makeKeyLog();
      wrong.add(keys.client.replaceAll(/ [0-9a-f]+$/gm, (secret) => ` ${'0'.repeat(secret.length - 1)}`));
      const right = makeKeyLog();
      if (!isLate) right.add(keys.server);
      const opened = { client: '', server: '' };
      const session = makeTlsSession(
        1,
        { secrets: (random, label) => [wrong, right].flatMap((log) => log.secrets(random, label)) },
        {
          opened(from, content) {
            opened[from] += content;
          },
          sealed: () => expect.fail(),
          broken: () => expect.fail(),
        },
      );
      for (const { from, bytes } of passed) session.read(from, bytes, 0);
      expect(session.isWaiting()).toBe(isLate);
      right.add(keys.server);
      session.keysMayBeThere();
      expect(opened).toEqual({ client: 'ping', server: 'got 4 bytes' });
      expect(session.isSealed()).toBe(false);
    },
  );
});

it('says so when it is no TLS', () => {
  const passed = [{ from: 'client', bytes: Buffer.from('PRI * HTTP/2.0\r\n') }] as const;
  expect(readAlong(passed, '').sealed).toEqual(['byte 0 from the client: 505249202a204854 for a TLS record']);
});

const recordOf = (type: number, content: string) =>
  Buffer.concat([Buffer.from([type, 3, 3, 0, content.length]), Buffer.from(content)]);

it('tells of what is no TLS when what came before it was read, or cannot be', async () => {
  const { passed, keys } = await conversation({});
  const spoilt = [...passed, { from: 'server', bytes: Buffer.from('HTTP/1.1') } as const];
  const [told] = readAlong(spoilt, keys.server).sealed;
  expect(told).toContain('from the server: 485454502f312e31 for a TLS record');
  expect(readAlong(spoilt, keys.server).opened).toEqual({ client: 'ping', server: 'got 4 bytes' });
  expect(readAlong(spoilt, '')).toMatchObject({ sealed: [], isWaiting: true });
  expect(readAlong(spoilt, '', { isOver: true })).toMatchObject({ sealed: [told], isWaiting: false });
});

it('does not take for opened what nobody sealed', async () => {
  const early = [{ from: 'client', bytes: recordOf(23, 'PRI * HTTP/2.0') }] as const;
  expect(readAlong(early, '')).toMatchObject({
    opened: { client: '' },
    sealed: ['application data of the client before the keys were agreed upon are not read'],
  });
  const { passed, keys } = await conversation({ client: { minVersion: 'TLSv1.3' } });
  const open = [...passed, { from: 'client', bytes: recordOf(22, '\x0b\x00\x00\x00') } as const];
  const { sealed, handshake } = readAlong(open, keys.server);
  expect(sealed).toEqual(['a handshake message of the client in the open, where TLS 1.3 has none']);
  expect(handshake.clientCertificates).toBeUndefined();
});

it('keeps what little a session says, however often it says it', () => {
  const warnings = Array(100_000).fill(recordOf(21, '\x01\x5a'));
  const { handshake } = readAlong([{ from: 'client', bytes: Buffer.concat(warnings) }], '');
  expect(handshake.alerts.length).toBe(16);
  const empty = Array(100_000).fill(recordOf(23, ''));
  const { pieces } = loadTlsSeeds('recorded').find(({ name }) => name === '1.3-chacha20') ?? { pieces: [] };
  const flood = [...pieces, { from: 'server', bytes: Buffer.concat(empty) } as const];
  expect(readAlong(flood, '').sealed).toEqual(['nobody told the keys of this connection']);
});

/** What was recorded, and what is in it. */
const talk = {
  client: 'one\nthree k\nfive k\nthree K\nfive K\n',
  server: 'two\nfour k\nfour K\n',
};
const pinged = { client: 'ping', server: 'got 4 bytes' };
const recorded: Readonly<Record<string, readonly [suite: string, opened: typeof pinged]>> = {
  '1.2-aes-128-gcm': ['TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256', pinged],
  '1.2-aes-256-gcm': ['TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384', pinged],
  '1.2-chacha20': ['TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256', pinged],
  '1.2-resumed': ['TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256', pinged],
  '1.3-aes-128-gcm': ['TLS_AES_128_GCM_SHA256', pinged],
  '1.3-aes-256-gcm': ['TLS_AES_256_GCM_SHA384', pinged],
  '1.3-chacha20': ['TLS_CHACHA20_POLY1305_SHA256', pinged],
  '1.3-hello-retry': ['TLS_AES_256_GCM_SHA384', pinged],
  '1.3-key-update': ['TLS_AES_256_GCM_SHA384', talk],
  '1.3-refused': ['TLS_AES_256_GCM_SHA384', { client: '', server: '' }],
  '1.3-resumed': ['TLS_AES_256_GCM_SHA384', pinged],
};

const seeds = loadTlsSeeds('recorded');

it('every kind of session was recorded', () => {
  expect(seeds.map(({ name }) => name)).toEqual(Object.keys(recorded));
});

describe.each(seeds)('$name, which was recorded', ({ name, pieces, keys }) => {
  const [suite, opened] = recorded[name] ?? [];
  const whole = readAlong(pieces, keys, { isOver: true });

  it('is opened', () => {
    expect({ ...whole, wasWaiting: name === '1.3-refused' }).toMatchObject({
      opened,
      sealed: [],
      isWaiting: false,
    });
    expect(whole.handshake).toMatchObject({ version: `TLS ${name.slice(0, 3)}`, suite, protocol: 'h2' });
    expect(whole.handshake.serverCertificates === undefined).toBe(name.endsWith('-resumed'));
    // The server never knew with which keys it was to read what came behind the client's Finished.
    expect(whole.handshake.unread !== undefined).toBe(name === '1.3-refused');
  });

  it('is the same wherever it is cut', () => {
    for (const bytes of [1, 2, 3, 4, 5, 6, 7, 8, 13, 64, 257]) {
      const cut = readAlong(pieces, keys, { isOver: true, pieces: bytes });
      expect({ ...cut, handshake: timeless(cut.handshake) }).toEqual({
        ...whole,
        handshake: timeless(whole.handshake),
      });
    }
  });

  it('is the same with keys that come late', () => {
    const late = readAlong(pieces, keys, { isLate: true, isOver: true });
    expect(late.wasWaiting).toBe(true);
    expect([late.opened, timeless(late.handshake)]).toEqual([whole.opened, timeless(whole.handshake)]);
  });
});

/** When an alert came depends on the cut. */
function timeless({ alerts, ...handshake }: ReturnType<typeof readAlong>['handshake']) {
  return { ...handshake, alerts: alerts.map(({ from, name }) => `${name} from the ${from}`) };
}
