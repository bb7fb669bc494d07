/** What a client does with servers over TLS that no honest one can be told to be. */
import { Code, codeName } from '../../model/status.ts';
import { type Check, NotTried } from '../check.ts';
import { codeOfCall } from '../encrypted.ts';
import { attendReady } from '../listening.ts';
import { goodServer, type Oddity, oddServers, openOddServer } from '../odd-servers.ts';
import type { Attended } from '../program.ts';
import type { Subject } from '../subject.ts';

/** Within the bound of a call, by far. */
const deadlineMs = 1_000;

/**
 * "If a detectable connection failure occurs on the client all calls will be closed with an
 * UNAVAILABLE status." (https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md, connection failure)
 *
 * Demanded is that the call ends in time, with a status that is not OK, and that the client lives
 * and makes the next one. Which status is told, and not demanded: some libraries say another one,
 * and a peer that tells what its library says is an honest one.
 */
const wanted = 'UNAVAILABLE (PROTOCOL-HTTP2, connection failure)';

/** A client that can be called over TLS at all; then one check for each oddity. */
export function oddServerChecks(subject: Subject, needs: readonly Check[]): readonly Check[] {
  const plain = plainCheck(subject, needs);
  const oddities = Object.keys(oddServers) as readonly Oddity[];
  return [plain, ...oddities.map((oddity) => oddServerCheck(subject, oddity, [plain]))];
}

function plainCheck(subject: Subject, needs: readonly Check[]): Check {
  return {
    name: 'client calls a server over TLS',
    section: subject.section,
    needs,
    hint: '"tls" of a channel: "ca" is whom to trust, and "serverName" whom the certificate must be for, as PEM and text; offer "h2" by ALPN',
    async run(signal) {
      await using server = await openOddServer(subject, goodServer);
      await using client = await attendReady(subject, 'client', signal);
      await demandOk(subject, client, server.address, 'over TLS', signal);
      return '';
    },
  };
}

function oddServerCheck(subject: Subject, oddity: Oddity, needs: readonly Check[]): Check {
  const isSilent = oddity === 'is silent';
  return {
    name: `client gives up a server that ${oddity}`,
    section: subject.section,
    needs,
    hint: isSilent
      ? 'the deadline of a call bounds the time in which its connection is made, too; a timer of your own does it where the library has none'
      : 'end the call with the status that the library tells, with UNKNOWN where it tells none; no crash, no silence, no other attempt without an end; then make the next call',
    async run(signal) {
      if (isSilent && !subject.peer.client?.features.includes('timeout'))
        throw new NotTried('the client does not claim timeout');
      await using good = await openOddServer(subject, goodServer);
      await using odd = await openOddServer(subject, oddServers[oddity]);
      await using client = await attendReady(subject, 'client', signal);
      const to = `to a server that ${oddity}`;
      const code = await codeOfCall(
        subject,
        client,
        odd.address,
        to,
        signal,
        isSilent ? deadlineMs : undefined,
      );
      const isTold = oddity === 'speaks HTTP/2 without ALPN';
      if (code === Code.OK && !isTold)
        throw client.fault(`ended a call ${to} with OK: wanted any other status`);
      await demandOk(subject, client, good.address, `to a good server after one ${to}`, signal);
      return remarkOf(oddity, code);
    },
  };
}

/** What is told of a status that need not be that one. */
function remarkOf(oddity: Oddity, code: number): string {
  if (code === Code.OK)
    return 'OK: it goes on without ALPN, which HTTP/2 over TLS must use (RFC 9113, section 3.3)';
  if (oddity === 'is silent')
    return code === Code.DEADLINE_EXCEEDED ? '' : `${codeName(code)}, not DEADLINE_EXCEEDED`;
  return code === Code.UNAVAILABLE ? '' : `${codeName(code)}, not ${wanted}`;
}

async function demandOk(
  subject: Subject,
  client: Attended,
  address: string,
  which: string,
  signal: AbortSignal,
): Promise<void> {
  const code = await codeOfCall(subject, client, address, which, signal);
  if (code !== Code.OK) throw client.fault(`ended a call ${which} with ${codeName(code)}: wanted OK`);
}
