import type Dockerode from 'dockerode';
import { GenericContainer, getContainerRuntimeClient, StartupCheckStrategy } from 'testcontainers';
import { confined, endingOf, outputsOf } from './confined.ts';
import type { Ending, Program } from './program.ts';

/** Started is enough: the peer itself says when it is ready. */
export class Started extends StartupCheckStrategy {
  override async checkStartupState(): Promise<'SUCCESS'> {
    return 'SUCCESS';
  }
}

/** A container whose standard input and output are the harness's, from before its first line. */
export class PeerContainer extends GenericContainer {
  /** It ends by itself, or by SIGKILL, and may have ended before one can look at it: it is removed when it is killed. */
  readonly isShort: boolean;
  #container: Dockerode.Container | undefined;
  #streams: Pick<Program, 'stdin' | 'stdout' | 'stderr'> | undefined;
  #address = '';
  #ended: Promise<Ending> | undefined;
  #removed: Promise<unknown> | undefined;

  constructor(image: string, isShort: boolean) {
    super(image);
    this.isShort = isShort;
  }

  protected override async beforeContainerCreated(): Promise<void> {
    Object.assign(this.createOpts, { OpenStdin: true, StdinOnce: true, AttachStdin: true });
    // Without an init process a peer that is process 1 has no default for SIGTERM and ignores it.
    Object.assign(this.hostConfig, {
      ...confined,
      Init: !this.isShort,
      AutoRemove: !this.isShort,
    });
  }

  protected override async containerCreated(id: string): Promise<void> {
    const { dockerode } = (await getContainerRuntimeClient()).container;
    const container = dockerode.getContainer(id);
    this.#container = container;
    const stream = await container.attach({
      stream: true,
      hijack: true,
      stdin: true,
      stdout: true,
      stderr: true,
    });
    const { stdout, stderr, read } = outputsOf(dockerode, stream);
    this.#streams = { stdin: stream as unknown as Program['stdin'], stdout, stderr };
    this.#ended = ending(container, read);
    this.#removed = container.wait({ condition: 'removed' }).catch(() => {});
  }

  protected override async containerStarting(
    details: Parameters<NonNullable<GenericContainer['containerStarting']>>[0],
  ): Promise<void> {
    this.#address = Object.values(details.networkSettings)[0]?.ipAddress ?? '';
  }

  get id(): string {
    return this.#container?.id ?? '';
  }

  program(): Program {
    const container = this.#container;
    const streams = this.#streams;
    const ended = this.#ended;
    const removed = this.#removed;
    if (!container || !streams || !ended) throw new Error('the container was not started');
    return {
      ...streams,
      ended,
      addressOf: (port) => `${this.#address}:${port}`,
      // Its processes may be on another machine.
      waitedMs: () => undefined,
      terminate: () => container.kill({ signal: 'SIGTERM' }).catch(() => {}),
      async kill() {
        await container.remove({ force: true }).catch(() => {});
        await Promise.all([ended, removed]);
      },
    };
  }

  /** Removes what there is of a container that could not be started. */
  async discard(): Promise<void> {
    await this.#container?.remove({ force: true }).catch(() => {});
  }
}

/** How the container ended, once all that it wrote was read. */
async function ending(container: Dockerode.Container, read: Promise<void>): Promise<Ending> {
  const { StatusCode: code } = (await container
    .wait({ condition: 'next-exit' })
    .catch(() => ({ StatusCode: -1 }))) as { StatusCode: number };
  await read;
  return endingOf(code);
}
