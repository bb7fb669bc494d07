import { chmod, mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { workFolder } from '../folders.ts';

export interface KeyLogFolder extends AsyncDisposable {
  /** A new, empty file that any program may write to; resolves to its absolute path. */
  file(): Promise<string>;
}

/** Where programs put the keys of their connections, while a run goes on. They open what was sent in it, and nothing else. */
export function keyLogFolder(): KeyLogFolder {
  const folder = path.join(workFolder, 'keys', crypto.randomUUID());
  let count = 0;
  return {
    async file() {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const file = path.join(folder, `keys-${path.basename(folder)}-${++count}.log`);
      await writeFile(file, '', { mode: 0o666 });
      // Whatever this process's mask is: in a container it is somebody else who writes.
      await chmod(file, 0o666);
      return file;
    },
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}
