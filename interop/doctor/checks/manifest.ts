/** What a manifest that the schema accepts may still say wrong. */

import { readFileSync } from 'node:fs';
import path from 'node:path';
import { rootFolder } from '../../folders.ts';
import type { Command, Peer } from '../../model/peer.ts';
import { type Check, Wrong } from '../check.ts';
import type { ManifestFile } from '../manifest-file.ts';

/** The first check: without a manifest there is nothing to examine. */
export function manifestCheck({ file, others, peer: read }: ManifestFile): Check {
  return {
    name: 'manifest',
    section: '',
    needs: [],
    hint: 'interop/peers/peer.schema.json says what each key means; name it as "$schema" and an editor completes them',
    async run() {
      const peer = read();
      const shown = path.relative(process.cwd(), file);
      const twin = others.find((other) => nameOf(other) === peer.name);
      if (twin)
        throw new Wrong(
          `${shown}: name: ${path.relative(rootFolder, twin)} is ${JSON.stringify(peer.name)} too`,
        );
      for (const [what, hint] of faults(peer)) throw new Wrong(`${shown}: ${what}`, hint);
      return peer.title;
    },
  };
}

function nameOf(file: string): unknown {
  try {
    return (JSON.parse(readFileSync(file, 'utf8')) as { readonly name?: unknown }).name;
  } catch {
    return undefined;
  }
}

function faults(peer: Peer): readonly (readonly [what: string, hint: string])[] {
  const wrapper = peer.process && wrapperIn(peer.process.command);
  return [
    ...(wrapper
      ? ([
          [
            `process.command: \`${wrapper}\` starts the program as a child of its own`,
            'signals and the end of input must reach the program itself: build it in "build", and name what was built in "command"',
          ],
        ] as const)
      : []),
  ];
}

const wrappers = ['npm', 'npx', 'pnpm', 'yarn', 'sh', 'bash', 'dash', 'zsh', 'make', 'cmd'];

/** The words that start something else, or undefined. `TOOL run` builds and starts in one, and the tool stays in between. */
function wrapperIn([program, first]: Command): string | undefined {
  if (wrappers.includes(path.basename(program))) return program;
  return first === 'run' ? `${program} run` : undefined;
}
