import path from 'node:path';
import { execa } from 'execa';
import type { Command, Peer } from '../model/peer.ts';
import { keepLog } from '../session/log.ts';
import { resolved } from './command.ts';
import type { Guard } from './guard.ts';
import { PeerError } from './peer-error.ts';
import { killGroup } from './process-group.ts';

const keptBytes = 64 * 1024;

/**
 * Runs one command of a build to its end, in a process group that ends with the
 * signal or with the harness. Rejects with a PeerError of stage `build` that has
 * the end of what the command printed.
 */
export async function runBuild(
  peer: Peer,
  command: Command,
  folder: string,
  signal: AbortSignal,
  guard: Guard,
): Promise<void> {
  const child = execa(...resolved(command, folder), {
    cwd: folder,
    env: { DOCKER_BUILDKIT: '1' },
    stdin: 'ignore',
    all: true,
    buffer: false,
    reject: false,
    detached: true,
  });
  const log = keepLog(child.all, keptBytes);
  const watched = child.pid === undefined ? undefined : guard.watchGroup(child.pid);
  const onAbort = () => killGroup(child.pid);
  signal.addEventListener('abort', onAbort);
  const result = await child;
  signal.removeEventListener('abort', onAbort);
  watched?.forget();
  signal.throwIfAborted();
  if (!result.failed) return;
  const end = result.exitCode === undefined ? result.shortMessage : `exit code ${result.exitCode}`;
  throw new PeerError({
    peer: peer.name,
    stage: 'build',
    what: `was not built: \`${command.join(' ')}\` ended with ${end}`,
    stderr: log.text(),
    hint: `run it in ${path.relative(process.cwd(), folder) || 'this folder'}`,
  });
}
