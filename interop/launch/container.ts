import path from 'node:path';
import { PassThrough } from 'node:stream';
import type Dockerode from 'dockerode';
import { GenericContainer, getContainerRuntimeClient, StartupCheckStrategy } from 'testcontainers';
import type { Peer, Role } from '../model/peer.ts';
import { startGuard } from './guard.ts';
import { buildImage, imageOf, peerLabel } from './image.ts';
import { PeerError } from './peer-error.ts';
import type { Ending, Program } from './program.ts';
import type { Starter } from './programs.ts';
import { writeProvided } from './provide.ts';

const runLabel = 'stitch.run';
/** Where programs find what they are given. */
const providedFolder = '/stitch';

interface BindMount {
  readonly source: string;
  readonly target: string;
  readonly mode: 'ro';
}

/**
 * Runs peers in containers on the engine's default bridge, where they reach each
 * other by address. No network of our own: there is none to be left behind.
 */
export function containerStarter(): Starter {
  // The guard ends what is left; a helper container for that would have to be pulled.
  process.env.TESTCONTAINERS_RYUK_DISABLED ??= 'true';
  const run = process.env.STITCH_RUN ?? crypto.randomUUID();
  const guard = startGuard();
  guard.watchContainers(`${runLabel}=${run}`);
  // What was built is what is started, also when its folder has changed since.
  const images = new WeakMap<Peer, string>();
  const mounts = new Map<string, BindMount>();
  // Servers that run. Half of what it costs to start a container is a network of its own, and for a
  // program that makes one call and ends, theirs is as good.
  const servers = new Set<string>();
  // The library takes a lock on a file for each container until the first one has started, and a
  // dozen at once wait for each other there; one that loses its lock ends the process.
  let first: Promise<unknown> | undefined;
  return {
    kind: 'container',
    async build(peer, signal) {
      const { image, ...built } = await buildImage(peer, signal, guard);
      images.set(peer, image);
      return built;
    },
    listenHost: '0.0.0.0',
    async start(peer, role, args, env) {
      const image = images.get(peer) ?? (await imageOf(peer));
      const isShort = role === 'client' && peer.client?.output !== undefined;
      const [holder] = isShort ? servers : [];
      const what = { peer, image, role, args, env, mounts, run, isShort, holder };
      await first?.catch(() => {});
      const starting = start(what);
      first ??= starting;
      const container = await starting.catch((error) => {
        // The server may have ended just now.
        if (holder === undefined || servers.has(holder)) throw error;
        return start({ ...what, holder: undefined });
      });
      const program = container.program();
      if (role === 'server') {
        servers.add(container.id);
        void program.ended.then(() => servers.delete(container.id));
      }
      return program;
    },
    async provide(content, extension) {
      const source = await writeProvided(content, extension);
      const target = `${providedFolder}/${path.basename(source)}`;
      mounts.set(target, { source, target, mode: 'ro' });
      return target;
    },
    // Each container has all ports to itself.
    freePort: async () => 6000,
    harnessHost: bridgeGateway,
    [Symbol.asyncDispose]: () => guard[Symbol.asyncDispose](),
  };
}

interface Start {
  readonly peer: Peer;
  readonly image: string;
  readonly role: Role;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>> | undefined;
  readonly mounts: ReadonlyMap<string, BindMount>;
  readonly run: string;
  /** It makes one call, or some, and ends. */
  readonly isShort: boolean;
  /** The container whose network it shares; undefined: it has its own. */
  readonly holder: string | undefined;
}

async function start({ isShort, holder, ...what }: Start): Promise<PeerContainer> {
  const { peer, image, role, args, env, mounts, run } = what;
  const asked = [...mounts.values()].filter(({ target }) =>
    [...args, ...Object.values(env ?? {})].some((text) => text.includes(target)),
  );
  const container = new PeerContainer(image, isShort)
    .withCommand([...args])
    .withEnvironment({ ...env })
    .withBindMounts(asked)
    .withLabels({ [runLabel]: run, [peerLabel]: peer.name })
    .withDroppedCapabilities('ALL')
    .withSecurityOpt('no-new-privileges')
    .withAutoRemove(false)
    .withWaitStrategy(new Started());
  if (holder !== undefined) container.withNetworkMode(`container:${holder}`);
  try {
    await container.start();
  } catch (error) {
    await container.discard();
    throw new PeerError({
      peer: peer.name,
      role,
      stage: 'launch',
      what: `container was not started: ${(error as Error).message}`,
    });
  }
  return container;
}

/** The host's end of the bridge that the containers are on. */
async function bridgeGateway(): Promise<string> {
  const { dockerode } = (await getContainerRuntimeClient()).container;
  const { IPAM } = await dockerode.getNetwork('bridge').inspect();
  const gateway = IPAM?.Config?.find((config) => config.Gateway?.includes('.'))?.Gateway;
  // An engine that was started again may not name it; the bridge has it all the same.
  const host = gateway ?? firstOf(IPAM?.Config?.find(({ Subnet }) => Subnet?.includes('.'))?.Subnet);
  if (!host) throw new Error('the Docker engine names no gateway of its bridge');
  return host;
}

/** The first address of a subnet (`172.17.0.0/16`), which an engine takes for its own end unless it is told otherwise. */
function firstOf(subnet: string | undefined): string | undefined {
  return subnet?.replace(/(\d+)\/\d+$/, (_, last: string) => String(Number(last) + 1));
}

/** Started is enough: the peer itself says when it is ready. */
class Started extends StartupCheckStrategy {
  override async checkStartupState(): Promise<'SUCCESS'> {
    return 'SUCCESS';
  }
}

/** A container whose standard input and output are the harness's, from before its first line. */
class PeerContainer extends GenericContainer {
  /** It ends by itself, or by SIGKILL, and may have ended before one can look at it: it is removed when it is killed. */
  readonly isShort: boolean;
  readonly #stdout = new PassThrough();
  readonly #stderr = new PassThrough();
  #container: Dockerode.Container | undefined;
  #stdin: NodeJS.ReadWriteStream | undefined;
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
      Init: !this.isShort,
      ReadonlyRootfs: true,
      AutoRemove: !this.isShort,
      LogConfig: { Type: 'none', Config: {} },
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
    this.#stdin = stream;
    const read = new Promise<void>((resolve) => {
      stream.on('end', resolve);
      stream.on('error', () => resolve());
    });
    dockerode.modem.demuxStream(stream, this.#stdout, this.#stderr);
    void read.then(() => {
      this.#stdout.end();
      this.#stderr.end();
    });
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
    const stdin = this.#stdin;
    const ended = this.#ended;
    const removed = this.#removed;
    if (!container || !stdin || !ended) throw new Error('the container was not started');
    return {
      stdin: stdin as unknown as Program['stdin'],
      stdout: this.#stdout,
      stderr: this.#stderr,
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
  return {
    how: code > 128 ? `exit code ${code} (signal ${code - 128})` : `exit code ${code}`,
    clean: code === 0,
  };
}
