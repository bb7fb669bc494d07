import { Code } from '../model/status.ts';
import { decodeFields, encodeFields } from '../saboteurs/message.ts';
import { answerText, dial } from './caller.ts';
import type { Check } from './check.ts';
import { attendServer } from './server-program.ts';
import type { Ward } from './ward.ts';

const path = '/grpc.health.v1.Health/Check';
/** `HealthCheckResponse.ServingStatus` */
const statuses = ['UNKNOWN', 'SERVING', 'NOT_SERVING', 'SERVICE_UNKNOWN'];

/** `grpc.health.v1.Health` answers SERVING for the whole server and for the service. */
export function healthCheck(ward: Ward, needs: readonly Check[]): Check {
  return {
    name: 'server offers health',
    section: ward.section,
    needs,
    hint: 'serve grpc.health.v1.Health with the library\'s own service for it, SERVING for "" and "Manage"',
    async run(signal) {
      await using server = await attendServer(ward, signal);
      await using caller = await dial(server.address, ward.limits.callMs, signal);
      for (const service of ['', 'Manage']) {
        const answer = await caller.begin(path).finish(encodeFields(service === '' ? [] : [[1, service]]));
        const status =
          answer.code === Code.OK && answer.reply
            ? (statuses[Number(decodeFields(answer.reply).get(1) ?? 0)] ?? 'no status of health')
            : answerText(answer);
        if (status !== 'SERVING')
          throw server.fault(`answered ${path} of ${JSON.stringify(service)} with ${status}: wanted SERVING`);
      }
      return 'SERVING';
    },
  };
}
