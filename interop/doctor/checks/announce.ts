import type { Implementation } from '../../model/peer.ts';
import { dial } from '../caller.ts';
import type { Check } from '../check.ts';
import { fault, type Subject } from '../subject.ts';
import { until } from '../until.ts';

/** A server listens where it says that it does. */
export function announceCheck(subject: Subject, needs: readonly Check[]): Check {
  return {
    name: 'server listens',
    section: subject.section,
    needs,
    hint: `the first line on standard output is {"ready":{…}}; {"id":ID,"listen":{"host":HOST,"port":0}} is answered by {"answer":{"id":ID,"port":PORT}}, flushed, when calls are accepted on that host${subject.starter.kind === 'container' ? elsewhere : ''}`,
    async run(signal) {
      await using server = await subject.launcher.serve(subject.peer, signal);
      try {
        await using _ = await dial(server.address, subject.limits.callMs, signal);
      } catch (error) {
        signal.throwIfAborted();
        throw fault(
          subject,
          'server',
          `said that it listens on ${server.address}, which ${(error as Error).message}`,
        );
      }
      return implementationText(server.implementation);
    },
  };
}

/** Where the engine is not on this machine itself. */
const elsewhere =
  '. If the Docker engine runs in a virtual machine, its containers are not reached from here: --launcher process';

/** The first line of a client. */
export function readyCheck(subject: Subject, needs: readonly Check[]): Check {
  return {
    name: 'client says that it is ready',
    section: subject.section,
    needs,
    hint: 'the first line on standard output is {"ready":{"language":…,"languageVersion":…,"library":…,"libraryVersion":…}}, flushed',
    async run(signal) {
      await using client = await until(signal, subject.launcher.connect(subject.peer, signal));
      return implementationText(client.implementation);
    },
  };
}

function implementationText(implementation: Implementation): string {
  const { library, libraryVersion, language, languageVersion } = implementation;
  const parts = [`${library} ${libraryVersion}`.trim(), `${language} ${languageVersion}`.trim()];
  return parts.filter(Boolean).join(', ') || 'it does not say what it is';
}
