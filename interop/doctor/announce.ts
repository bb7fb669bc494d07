import type { Implementation } from '../model/peer.ts';
import { dial } from './caller.ts';
import type { Check } from './check.ts';
import { until } from './until.ts';
import { fault, type Ward } from './ward.ts';

/** The first line of a server, and that the port in it takes connections. */
export function announceCheck(ward: Ward, needs: readonly Check[]): Check {
  return {
    name: 'server announces its port',
    section: ward.section,
    needs,
    hint: `the first line on standard output is {"listening":{"port":PORT,"implementation":{…}}}, flushed, written when calls are accepted on the host it was told${ward.starter.kind === 'container' ? elsewhere : ''}`,
    async run(signal) {
      await using server = await ward.launcher.serve(ward.peer, signal);
      try {
        await using _ = await dial(server.address, ward.limits.callMs, signal);
      } catch (error) {
        signal.throwIfAborted();
        throw fault(ward, 'server', `announced ${server.address}, which ${(error as Error).message}`);
      }
      return implementationText(server.implementation);
    },
  };
}

/** Where the engine is not on this machine itself. */
const elsewhere =
  '. If the Docker engine runs in a virtual machine, its containers are not reached from here: --launcher process';

/** The first line of a client. */
export function readyCheck(ward: Ward, needs: readonly Check[]): Check {
  return {
    name: 'client says that it is ready',
    section: ward.section,
    needs,
    hint: 'the first line on standard output is {"ready":{"language":…,"languageVersion":…,"library":…,"libraryVersion":…}}, flushed',
    async run(signal) {
      await using client = await until(signal, ward.launcher.connect(ward.peer, signal));
      return implementationText(client.implementation);
    },
  };
}

function implementationText(implementation: Implementation): string {
  const { library, libraryVersion, language, languageVersion } = implementation;
  const parts = [`${library} ${libraryVersion}`.trim(), `${language} ${languageVersion}`.trim()];
  return parts.filter(Boolean).join(', ') || 'it does not say what it is';
}
