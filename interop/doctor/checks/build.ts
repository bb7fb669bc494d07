import { existsSync } from 'node:fs';
import path from 'node:path';
import { type Check, NotTried, Wrong } from '../check.ts';
import type { Subject } from '../subject.ts';
import { until } from '../until.ts';

/** What the machine must have; `whyNot` says what it lacks. */
export function toolChainCheck(
  { section, peer, starter }: Subject,
  needs: readonly Check[],
  whyNot: string | undefined,
  isSpare: boolean,
): Check {
  const isContainer = starter.kind === 'container';
  return {
    name: isContainer ? 'Docker engine' : 'tool chain',
    section,
    needs,
    hint: '',
    async run() {
      if (isSpare) throw new NotTried(String(whyNot));
      if (whyNot) throw new Wrong(whyNot);
      return isContainer ? '' : (peer.process?.needs ?? []).map(({ install }) => install).join(', ');
    },
  };
}

export function buildCheck({ peer, section, launcher }: Subject, needs: readonly Check[]): Check {
  return {
    name: 'build',
    section,
    needs,
    hint: '',
    async run(signal) {
      const { cached } = await until(signal, launcher.build(peer, signal));
      const [first] = (section === 'as a process' && peer.process?.outputs) || [];
      if (first !== undefined && !existsSync(path.join(peer.folder, first)))
        throw new Wrong(
          `the build left no ${first} in ${path.relative(process.cwd(), peer.folder) || 'its folder'}`,
          '"outputs" of its peer.json names what building makes, the main one first; without it the peer counts as not built',
        );
      return cached ? 'there already' : '';
    },
  };
}
