/** What a server does at a port with TLS. */
import type { ServerPem } from '../../model/tls.ts';
import { string } from '../../session/codec.ts';
import { identities } from '../certificates.ts';
import type { Check } from '../check.ts';
import { called, demandServed, isServed, listen } from '../encrypted.ts';
import { answered, answerTo, attendReady } from '../listening.ts';
import { openStrangers } from '../odd-clients.ts';
import type { Subject } from '../subject.ts';
import { within } from '../until.ts';

/** A server that can be called over TLS at all; then what it does when it is closed, told nonsense, or sent some. */
export function encryptedServerChecks(subject: Subject, needs: readonly Check[]): readonly Check[] {
  const plain = plainCheck(subject, needs);
  const isClosed = subject.peer.server?.features.includes('listen');
  return [
    plain,
    ...(isClosed ? [closeCheck(subject, [plain])] : []),
    certificatesCheck(subject, [plain]),
    strangersCheck(subject, [plain]),
  ];
}

function plainCheck(subject: Subject, needs: readonly Check[]): Check {
  return {
    name: 'server serves over TLS',
    section: subject.section,
    needs,
    hint: '"tls" of a listener has its certificate, with those that it leads over behind it, and its key, as PEM; choose "h2" by ALPN',
    async run(signal) {
      await using server = await attendReady(subject, 'server', signal);
      await demandServed(subject, server, await listen(subject, server, signal), 'over TLS', signal);
      return '';
    },
  };
}

function closeCheck(subject: Subject, needs: readonly Check[]): Check {
  return {
    name: 'server closes a listener with TLS',
    section: subject.section,
    needs,
    hint: '"close" ends the listener and its connections at once, encrypted or not, and those in the middle of a handshake; thereafter the port can be listened on again',
    async run(signal) {
      await using server = await attendReady(subject, 'server', signal);
      const port = await listen(subject, server, signal);
      await using caller = await called(subject, server, port, 'before it is closed', signal);
      await using _ = await openStrangers(server.addressOf(port));
      await answered(subject, server, 'close', { close: { port } }, signal);
      const { callMs } = subject.limits;
      const closed = caller.closed.then(() => true);
      if (!(await within(callMs, signal, closed)))
        throw server.fault(`kept a connection open for ${callMs} ms when its listener was closed`);
      if (await isServed(subject, server, port, signal))
        throw server.fault(`serves at port ${port} with TLS when that was closed`);
      await listen(subject, server, signal, port);
      await demandServed(subject, server, port, 'at a port that had been closed', signal);
      return '';
    },
  };
}

function certificatesCheck(subject: Subject, needs: readonly Check[]): Check {
  return {
    name: 'server refuses certificates that are none',
    section: subject.section,
    needs,
    hint: 'answer such a "listen" by {"answer":{"id":ID,"refused":WHY}} with what the library says; where it says nothing before somebody connects, look at the certificates yourself; go on',
    async run(signal) {
      await using server = await attendReady(subject, 'server', signal);
      const taken: string[] = [];
      for (const [what, tls] of await wrongPems()) {
        const instruction = { listen: { host: subject.starter.listenHost, port: 0, tls } };
        server.instruct(what, instruction);
        const answer = await server.heard(
          `an answer to "listen" with ${what}`,
          (json) => answerTo(json, what),
          subject.limits.recordMs,
          signal,
        );
        if (string(answer, 'refused') !== '') continue;
        if (what !== keyOfOther) throw server.fault(`says that it listens with ${what}`);
        taken.push(`it listens with ${what}, and can serve nobody there`);
      }
      const port = await listen(subject, server, signal);
      await demandServed(subject, server, port, 'after listeners that it refused', signal);
      return taken.join();
    },
  };
}

/** Told, and not demanded: some libraries find it out with the first client. */
const keyOfOther = 'the key of another certificate';

/** What is asked of a listener, by what is wrong with it. */
async function wrongPems(): Promise<readonly (readonly [what: string, tls: ServerPem])[]> {
  const good = await identities.server({ identity: 'good' });
  const other = await identities.server({ identity: 'other-authority' });
  const none = (label: string) => `-----BEGIN ${label}-----\nbm9uZQ==\n-----END ${label}-----\n`;
  return [
    ['a certificate that is none', { ...good, cert: none('CERTIFICATE') }],
    ['a key that is none', { ...good, key: none('PRIVATE KEY') }],
    [keyOfOther, { ...good, key: other.key }],
    ["authorities of clients' that are none", { ...good, clientCa: none('CERTIFICATE') }],
  ];
}

function strangersCheck(subject: Subject, needs: readonly Check[]): Check {
  return {
    name: 'server serves beside strangers at its port with TLS',
    section: subject.section,
    needs,
    hint: 'connections on which nobody agrees on keys must hold up no others: accept the next one while a handshake goes on, and end none but the one that is wrong',
    async run(signal) {
      await using server = await attendReady(subject, 'server', signal);
      const port = await listen(subject, server, signal);
      await using strangers = await openStrangers(server.addressOf(port));
      await demandServed(subject, server, port, `beside ${strangers.what}`, signal);
      await answered(subject, server, 'flush', { flush: {} }, signal);
      return '';
    },
  };
}
