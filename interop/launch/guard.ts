import { spawn } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * A process of its own that outlives the harness, in case somebody kills it: at
 * the end of its input it ends what is still listed. So nothing is left behind
 * even by SIGKILL, which no program can catch.
 */
export interface Guard extends AsyncDisposable {
  /** Lists a process group until `forget` is called. */
  watchGroup(pid: number): { forget(): void };
  /** Lists all containers with this label, made or about to be made. */
  watchContainers(label: string): void;
}

export function startGuard(): Guard {
  const child = spawn(
    process.execPath,
    [fileURLToPath(new URL(`guard-main${path.extname(import.meta.filename)}`, import.meta.url))],
    {
      detached: true,
      stdio: ['pipe', 'ignore', 'ignore'],
    },
  );
  const gone = new Promise<void>((resolve) => {
    child.on('exit', () => resolve());
    child.on('error', () => resolve());
  });
  child.stdin.on('error', () => {});
  const tell = (line: string) => child.stdin.write(`${line}\n`);
  return {
    watchGroup(pid) {
      tell(`group ${pid}`);
      return { forget: () => tell(`forget ${pid}`) };
    },
    watchContainers: (label) => tell(`containers ${label}`),
    async [Symbol.asyncDispose]() {
      child.stdin.end('done\n');
      await gone;
    },
  };
}
