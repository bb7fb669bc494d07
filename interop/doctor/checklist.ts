/** The contract, stage by stage, as checks of one peer. */

import type { Check } from './check.ts';
import { allScenariosCheck } from './checks/all-scenarios.ts';
import { announceCheck, readyCheck } from './checks/announce.ts';
import { buildCheck, toolChainCheck } from './checks/build.ts';
import { drainCheck } from './checks/drain.ts';
import { encryptedServerChecks } from './checks/encrypted-server.ts';
import { flushCheck } from './checks/flush.ts';
import { speaksCheck } from './checks/http2.ts';
import { clientInFlightCheck, serverInFlightCheck } from './checks/in-flight.ts';
import { clientKeyLogCheck, serverKeyLogCheck } from './checks/key-log.ts';
import { oddServerChecks } from './checks/odd-servers.ts';
import { portCheck } from './checks/port.ts';
import { quietClientCheck, quietServerCheck } from './checks/quiet.ts';
import { scenarioCheck } from './checks/scenario.ts';
import { servedCheck } from './checks/served.ts';
import { clientTerminateCheck, endOfInputCheck, serverTerminateCheck } from './checks/stop.ts';
import { unknownCallsCheck } from './checks/unknown-calls.ts';
import { unknownLinesCheck } from './checks/unknown-lines.ts';
import type { Subject } from './subject.ts';

/** What is checked of a peer that is started in one way. */
export interface List {
  readonly subject: Subject;
  readonly build: Check;
  /** All, in order. */
  readonly checks: readonly Check[];
}

/** `whyNot` says what the machine lacks; that is no failure of the peer when this way `isSpare`. */
export function checklist(
  subject: Subject,
  needs: readonly Check[],
  whyNot: string | undefined,
  isSpare: boolean,
): List {
  const toolChain = toolChainCheck(subject, needs, whyNot, isSpare);
  if (isSpare) return { subject, build: toolChain, checks: [toolChain] };
  const build = buildCheck(subject, [toolChain]);
  const servers = subject.peer.server ? serverChecks(subject, build) : [];
  const clients = subject.peer.client ? clientChecks(subject, build) : [];
  return { subject, build, checks: [toolChain, build, ...servers, ...clients] };
}

function serverChecks(subject: Subject, build: Check): readonly Check[] {
  if (subject.peer.server?.ready === 'port') {
    const speaks = speaksCheck(subject, [build]);
    const replies = serverReplies(subject, [speaks]);
    return [speaks, ...replies, allScenariosCheck(subject, 'server', replies)];
  }
  const announces = announceCheck(subject, [build]);
  const needs = [announces];
  const flushes = flushCheck(subject, needs);
  const replies = serverReplies(subject, [announces, flushes]);
  return [
    announces,
    flushes,
    ...replies,
    servedCheck(subject, needs),
    serverInFlightCheck(subject, needs),
    unknownLinesCheck(subject, 'server', needs),
    quietServerCheck(subject, needs),
    endOfInputCheck(subject, 'server', needs),
    serverTerminateCheck(subject, needs),
    drainCheck(subject, needs),
    portCheck(subject, needs),
    ...serverTlsChecks(subject, needs),
    allScenariosCheck(subject, 'server', replies),
  ];
}

/** Of a server that claims it. */
function serverTlsChecks(subject: Subject, needs: readonly Check[]): readonly Check[] {
  const { server, keyLog } = subject.peer;
  if (!server?.features.includes('tls')) return [];
  const [plain, ...others] = encryptedServerChecks(subject, needs);
  return plain ? [plain, ...(keyLog ? [serverKeyLogCheck(subject, [plain])] : []), ...others] : [];
}

/** Of a client that claims it. */
function clientTlsChecks(subject: Subject, needs: readonly Check[]): readonly Check[] {
  const { client, keyLog } = subject.peer;
  if (!client?.features.includes('tls')) return [];
  const [plain, ...others] = oddServerChecks(subject, needs);
  return plain ? [plain, ...(keyLog ? [clientKeyLogCheck(subject, [plain])] : []), ...others] : [];
}

function serverReplies(subject: Subject, needs: readonly Check[]): readonly Check[] {
  return [
    scenarioCheck(subject, 'server', {
      name: 'server replies on pick/stitch',
      scenario: 'pick/stitch',
      hint: 'the eight rows are in contracts/manage/table.ts; one "served" line a call, written before the answer',
      needs,
    }),
    scenarioCheck(subject, 'server', {
      name: 'server answers NOT_FOUND for unknown names',
      scenario: 'unknown/nobody',
      hint: 'status NOT_FOUND with the message "expirement not found", misspelt as it is, and the same in the "served" line',
      needs,
    }),
  ];
}

function clientChecks(subject: Subject, build: Check): readonly Check[] {
  if (subject.peer.client?.output) {
    // What it makes by itself need not be what every peer makes first.
    const reports = subject.peer.client.cases ? [] : clientReports(subject, [build]);
    const needs = reports.length > 0 ? reports : [build];
    return [...reports, allScenariosCheck(subject, 'client', needs)];
  }
  const ready = readyCheck(subject, [build]);
  const needs = [ready];
  const reports = clientReports(subject, needs);
  return [
    ready,
    ...reports,
    clientInFlightCheck(subject, needs),
    unknownLinesCheck(subject, 'client', needs),
    unknownCallsCheck(subject, needs),
    quietClientCheck(subject, needs),
    endOfInputCheck(subject, 'client', needs),
    clientTerminateCheck(subject, needs),
    ...clientTlsChecks(subject, needs),
    allScenariosCheck(subject, 'client', reports),
  ];
}

function clientReports(subject: Subject, needs: readonly Check[]): readonly Check[] {
  return [
    scenarioCheck(subject, 'client', {
      name: 'client reports the response on pick/stitch',
      scenario: 'pick/stitch',
      hint: 'make the call of the line with its metadata, and say what came of it in an "ended" line with the same id',
      needs,
    }),
    scenarioCheck(subject, 'client', {
      name: 'client reports NOT_FOUND for unknown names',
      scenario: 'unknown/nobody',
      hint: 'a status is reported by its code and its message, without a response',
      needs,
    }),
  ];
}
