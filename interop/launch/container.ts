import path from 'node:path';
import { getContainerRuntimeClient } from 'testcontainers';
import type { Peer, Role } from '../model/peer.ts';
import type { BindMount } from './confined.ts';
import { startGuard } from './guard.ts';
import { buildImage, imageOf, peerLabel } from './image.ts';
import { keyLogFolder } from './key-logs.ts';
import { PeerContainer, Started } from './peer-container.ts';
import { PeerError } from './peer-error.ts';
import type { Starter } from './programs.ts';
import { writeProvided } from './provide.ts';
import { openRooms, type Visit } from './rooms.ts';

const runLabel = 'stitch.run';
/** Where programs find what they are given. */
const providedFolder = '/stitch';

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
  const rooms = openRooms();
  const keys = keyLogFolder();
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
      // An old image cannot be removed while somebody uses it.
      await rooms.clear(peer.name);
      const { image, ...built } = await buildImage(peer, signal, guard);
      images.set(peer, image);
      return built;
    },
    listenHost: '0.0.0.0',
    async start(peer, role, args, env) {
      const image = images.get(peer) ?? (await imageOf(peer));
      const isShort = role === 'client' && peer.client?.output !== undefined;
      const labels = { [runLabel]: run, [peerLabel]: peer.name };
      const visit = { peer: peer.name, image, args, env, mounts: askedOf(mounts, args, env), labels };
      const shell = peer.container?.shell;
      if (isShort && shell) return rooms.run({ ...visit, shell }).catch(notStarted(peer, role));
      const [holder] = isShort ? servers : [];
      const what = { ...visit, isShort, holder };
      await first?.catch(() => {});
      const starting = start(what);
      first ??= starting;
      const container = await starting
        .catch((error) => {
          // The server may have ended just now.
          if (holder === undefined || servers.has(holder)) throw error;
          return start({ ...what, holder: undefined });
        })
        .catch(notStarted(peer, role));
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
      mounts.set(target, { source, target });
      return target;
    },
    async keyLog() {
      const source = await keys.file();
      const target = `${providedFolder}/${path.basename(source)}`;
      mounts.set(target, { source, target, isWritable: true });
      return { here: source, there: target };
    },
    // Each container has all ports to itself.
    freePort: async () => 6000,
    harnessHost: bridgeGateway,
    async [Symbol.asyncDispose]() {
      await rooms[Symbol.asyncDispose]();
      await keys[Symbol.asyncDispose]();
      await guard[Symbol.asyncDispose]();
    },
  };
}

/** Those that these arguments and variables name. */
function askedOf(
  mounts: ReadonlyMap<string, BindMount>,
  args: readonly string[],
  env: Readonly<Record<string, string>> | undefined,
): readonly BindMount[] {
  const texts = [...args, ...Object.values(env ?? {})];
  return [...mounts.values()].filter(({ target }) => texts.some((text) => text.includes(target)));
}

function notStarted(peer: Peer, role: Role) {
  return (error: Error): never => {
    throw new PeerError({
      peer: peer.name,
      role,
      stage: 'launch',
      what: `container was not started: ${error.message}`,
    });
  };
}

interface Start extends Omit<Visit, 'shell'> {
  /** It makes one call, or some, and ends. */
  readonly isShort: boolean;
  /** The container whose network it shares; undefined: it has its own. */
  readonly holder: string | undefined;
}

async function start({ image, args, env, mounts, labels, isShort, holder }: Start): Promise<PeerContainer> {
  const container = new PeerContainer(image, isShort)
    .withCommand([...args])
    .withEnvironment({ ...env })
    .withBindMounts(mounts.map(({ isWritable, ...mount }) => ({ ...mount, mode: isWritable ? 'rw' : 'ro' })))
    .withLabels({ ...labels })
    .withAutoRemove(false)
    .withWaitStrategy(new Started());
  if (holder !== undefined) container.withNetworkMode(`container:${holder}`);
  try {
    await container.start();
  } catch (error) {
    await container.discard();
    throw error;
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
