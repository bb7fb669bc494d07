import { PassThrough, type Readable } from 'node:stream';
import type Dockerode from 'dockerode';
import type { Ending } from './program.ts';

/** A file that programs in a container find at `target`. */
export interface BindMount {
  readonly source: string;
  readonly target: string;
  readonly isWritable?: true;
}

/** What no container of ours may do, and what need not be kept of it. */
export const confined = {
  ReadonlyRootfs: true,
  CapDrop: ['ALL'],
  SecurityOpt: ['no-new-privileges'],
  LogConfig: { Type: 'none', Config: {} },
};

interface Outputs {
  readonly stdout: Readable;
  readonly stderr: Readable;
  /** All of it was read. */
  readonly read: Promise<void>;
}

/** What comes out of a program in a container, told apart. */
export function outputsOf({ modem }: Dockerode, stream: NodeJS.ReadWriteStream): Outputs {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const read = new Promise<void>((resolve) => {
    stream.on('end', resolve);
    stream.on('error', () => resolve());
  });
  modem.demuxStream(stream, stdout, stderr);
  void read.then(() => {
    stdout.end();
    stderr.end();
  });
  return { stdout, stderr, read };
}

export function endingOf(code: number): Ending {
  return {
    how: code > 128 ? `exit code ${code} (signal ${code - 128})` : `exit code ${code}`,
    clean: code === 0,
  };
}
