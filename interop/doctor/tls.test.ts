/** What the doctor tells of peers that claim TLS: each of its checks is green where all is well, and can fail. */
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { Limits } from '../launch/launcher.ts';
import type { Peer, Role } from '../model/peer.ts';
import { type Check, withNeeds } from './check.ts';
import { examine } from './examine.ts';
import { checksOf } from './peer.ts';
import { doctorLimits } from './subject.ts';

const never = new AbortController().signal;
/** Short, for what is silent. */
const limits: Limits = { ...doctorLimits, callMs: 6_000, recordMs: 4_000 };
const program = fileURLToPath(new URL('../fixtures/encrypting-peer.mjs', import.meta.url));

/** A small peer that speaks TLS, with that lie. */
function peer(lie: string): Peer {
  return {
    name: 'liar',
    title: 'Liar',
    folder: fileURLToPath(new URL('../fixtures', import.meta.url)),
    args: lie === '' ? [] : [lie],
    server: { features: ['listen', 'tls'] },
    client: { features: ['timeout', 'tls'] },
    process: {
      needs: [],
      build: [],
      outputs: [],
      command: [process.execPath, program],
      test: [],
      check: [],
    },
    keyLog: { SSLKEYLOGFILE: '{file}' },
  };
}

const isOfTls = ({ name }: Check) => /TLS|gives up|certificates|keys/.test(name);
const withoutAlpn = 'client gives up a server that speaks HTTP/2 without ALPN';

describe.concurrent('of a peer that claims TLS', () => {
  it('all is green where all is well', async () => {
    await using list = await checksOf(peer(''), 'process', limits);
    const checks = list.checks.filter(isOfTls);
    const results = (await examine(withNeeds(checks), never, () => {}, 2)).filter(({ check }) =>
      isOfTls(check),
    );
    expect(checks.length).toBe(15);
    expect(results.filter(({ kind }) => kind !== 'passed')).toEqual([]);
    const remarks = results.flatMap((result) =>
      result.kind === 'passed' && result.remark !== '' ? [[result.check.name, result.remark]] : [],
    );
    const suite = 'TLS 1.3, TLS_AES_256_GCM_SHA384';
    expect(remarks).toEqual([
      ['server tells the keys of its connections', suite],
      ['client tells the keys of its connections', suite],
      [withoutAlpn, expect.stringMatching(/^OK: it goes on without ALPN/)],
    ]);
  });

  it.each([
    [
      'says-internal',
      'client gives up a server that closes the connection on the first bytes',
      'INTERNAL, not UNAVAILABLE (PROTOCOL-HTTP2, connection failure)',
    ],
    [
      'takes-any-key',
      'server refuses certificates that are none',
      'it listens with the key of another certificate, and can serve nobody there',
    ],
  ])('%s is told, and no more', async (lie, check, remark) => {
    await using list = await checksOf(peer(lie), 'process', limits);
    const checks = list.checks.filter(({ name }) => name === check);
    const last = (await examine(withNeeds(checks), never, () => {})).at(-1);
    expect(last).toMatchObject({ kind: 'passed', remark });
  });

  it.each<readonly [lie: string, role: Role, check: string, says: string]>([
    ['stays-plain', 'server', 'serves over TLS', 'was called over TLS, and cannot be reached'],
    ['keeps-listening', 'server', 'closes a listener with TLS', 'with TLS when that was closed'],
    [
      'keeps-connections',
      'server',
      'closes a listener with TLS',
      'kept a connection open for 6000 ms when its listener was closed',
    ],
    [
      'waits-for-handshakes',
      'server',
      'closes a listener with TLS',
      'the answer to "close" did not come within 4000 ms',
    ],
    [
      'believes-any-certificate',
      'server',
      'refuses certificates that are none',
      'says that it listens with a certificate that is none',
    ],
    [
      'dies-of-certificates',
      'server',
      'refuses certificates that are none',
      'ended before an answer to "listen" with a certificate that is none: exit code 1',
    ],
    [
      'one-handshake-at-a-time',
      'server',
      'serves beside strangers at its port with TLS',
      'was called beside one who says nothing, half a ClientHello, garbage',
    ],
    [
      'dies-of-strangers',
      'server',
      'serves beside strangers at its port with TLS',
      'was called beside one who says nothing',
    ],
    [
      'keeps-its-keys',
      'server',
      'tells the keys of its connections',
      'claims to tell its keys, and has told none 4000 ms after a call',
    ],
    [
      'invents-keys',
      'server',
      'tells the keys of its connections',
      'lines of keys that do not open its connection: the keys that were told do not open its records',
    ],
    [
      'tells-keys-of-others',
      'client',
      'tells the keys of its connections',
      'has told 5 lines of keys that do not open its connection: the keys of what the server sent were not told',
    ],
    [
      'trusts-nobody',
      'client',
      'calls a server over TLS',
      'ended a call over TLS with UNAVAILABLE: wanted OK',
    ],
    [
      'dies-without-alpn',
      'client',
      'gives up a server that speaks HTTP/2 without ALPN',
      'ended before the end of a call to a server that speaks HTTP/2 without ALPN: exit code 1',
    ],
    [
      'says-ok',
      'client',
      'gives up a server that speaks HTTP/1.1 without ALPN',
      'ended a call to a server that speaks HTTP/1.1 without ALPN with OK: wanted any other status',
    ],
    [
      'gives-up-for-good',
      'client',
      'gives up a server that knows no protocol but http/1.1',
      'ended a call to a good server after one to a server that knows no protocol but http/1.1 with UNAVAILABLE: wanted OK',
    ],
    [
      'takes-old-versions',
      'client',
      'gives up a server that has no version behind TLS 1.1',
      'ended a call to a server that has no version behind TLS 1.1 with OK',
    ],
    [
      'ignores-deadlines',
      'client',
      'gives up a server that is silent',
      'was silent: the end of a call to a server that is silent did not come within 6000 ms',
    ],
    [
      'is-silent-about-failures',
      'client',
      'gives up a server that answers with garbage',
      'the end of a call to a server that answers with garbage did not come within 6000 ms',
    ],
    [
      'dies-of-failures',
      'client',
      'gives up a server that closes the connection on the first bytes',
      'ended before the end of a call to a server that closes the connection on the first bytes: exit code 1',
    ],
    [
      'says-ok',
      'client',
      'gives up a server that resets the connection on the first bytes',
      'ended a call to a server that resets the connection on the first bytes with OK',
    ],
  ])('%s as the %s: %s', async (lie, role, check, says) => {
    await using list = await checksOf(peer(lie), 'process', limits);
    const named = list.checks.filter(({ name }) => name === `${role} ${check}`);
    const results = await examine(withNeeds(named), never, () => {});
    const last = results.at(-1);
    expect(results.map(({ kind }) => kind).slice(0, -1)).toEqual(results.slice(1).map(() => 'passed'));
    expect(last?.kind === 'failed' ? last.problem : last?.kind).toContain(says);
  });
});
