/** The contract, stage by stage, as checks of one peer. */
import { announceCheck, readyCheck } from './announce.ts';
import { buildCheck, toolChainCheck } from './build.ts';
import type { Check } from './check.ts';
import { everyScenarioCheck } from './every.ts';
import { healthCheck } from './health.ts';
import { clientInFlightCheck, serverInFlightCheck } from './in-flight.ts';
import { flushCheck, instructionCheck, kindCheck } from './kind.ts';
import { speaksCheck } from './plain.ts';
import { portCheck } from './port.ts';
import { quietClientCheck, quietServerCheck } from './quiet.ts';
import { reflectionCheck } from './reflection.ts';
import { scenarioCheck } from './scenario.ts';
import { servedCheck } from './served.ts';
import { clientTerminateCheck, endOfInputCheck, serverTerminateCheck } from './stop.ts';
import type { Ward } from './ward.ts';

/** What is checked of a peer that is started in one way. */
export interface List {
  readonly ward: Ward;
  readonly build: Check;
  /** All, in order. */
  readonly checks: readonly Check[];
}

/** `whyNot` says what the machine lacks; that is no failure of the peer when this way `isSpare`. */
export function checklist(
  ward: Ward,
  needs: readonly Check[],
  whyNot: string | undefined,
  isSpare: boolean,
): List {
  const toolChain = toolChainCheck(ward, needs, whyNot, isSpare);
  if (isSpare) return { ward, build: toolChain, checks: [toolChain] };
  const build = buildCheck(ward, [toolChain]);
  const servers = ward.peer.server ? serverChecks(ward, build) : [];
  const clients = ward.peer.client ? clientChecks(ward, build) : [];
  return { ward, build, checks: [toolChain, build, ...servers, ...clients] };
}

function serverChecks(ward: Ward, build: Check): readonly Check[] {
  if (ward.peer.server?.ready === 'port') {
    const speaks = speaksCheck(ward, [build]);
    const replies = serverReplies(ward, [speaks]);
    return [speaks, ...replies, everyScenarioCheck(ward, 'server', replies)];
  }
  const announces = announceCheck(ward, [build]);
  const needs = [announces];
  const flushes = flushCheck(ward, needs);
  const replies = serverReplies(ward, [announces, flushes]);
  return [
    announces,
    flushes,
    ...replies,
    servedCheck(ward, needs),
    serverInFlightCheck(ward, needs),
    instructionCheck(ward, needs),
    quietServerCheck(ward, needs),
    healthCheck(ward, needs),
    reflectionCheck(ward, needs),
    endOfInputCheck(ward, 'server', needs),
    serverTerminateCheck(ward, needs),
    portCheck(ward, needs),
    everyScenarioCheck(ward, 'server', replies),
  ];
}

function serverReplies(ward: Ward, needs: readonly Check[]): readonly Check[] {
  return [
    scenarioCheck(ward, 'server', {
      name: 'server replies on pick/stitch',
      scenario: 'pick/stitch',
      hint: 'the eight rows are in interop/scenarios/table.ts; one "served" line a call, written before the answer',
      needs,
    }),
    scenarioCheck(ward, 'server', {
      name: 'server answers NOT_FOUND for unknown names',
      scenario: 'unknown/nobody',
      hint: 'status NOT_FOUND with the message "expirement not found", misspelt as it is, and the same in the "served" line',
      needs,
    }),
  ];
}

function clientChecks(ward: Ward, build: Check): readonly Check[] {
  if (ward.peer.client?.output) {
    const reports = clientReports(ward, [build]);
    return [...reports, everyScenarioCheck(ward, 'client', reports)];
  }
  const ready = readyCheck(ward, [build]);
  const needs = [ready];
  const reports = clientReports(ward, needs);
  return [
    ready,
    ...reports,
    clientInFlightCheck(ward, needs),
    kindCheck(ward, needs),
    quietClientCheck(ward, needs),
    endOfInputCheck(ward, 'client', needs),
    clientTerminateCheck(ward, needs),
    everyScenarioCheck(ward, 'client', reports),
  ];
}

function clientReports(ward: Ward, needs: readonly Check[]): readonly Check[] {
  return [
    scenarioCheck(ward, 'client', {
      name: 'client reports the reply on pick/stitch',
      scenario: 'pick/stitch',
      hint: 'make the call of the line with its metadata, and say what came of it in an "ended" line with the same id',
      needs,
    }),
    scenarioCheck(ward, 'client', {
      name: 'client reports NOT_FOUND for unknown names',
      scenario: 'unknown/nobody',
      hint: 'a status is reported by its code and its message, without a reply',
      needs,
    }),
  ];
}
