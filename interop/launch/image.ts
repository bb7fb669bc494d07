import path from 'node:path';
import { execa } from 'execa';
import { protoFolder, rootFolder } from '../folders.ts';
import type { ContainerSpec, Peer } from '../model/peer.ts';
import { runBuild } from './build-command.ts';
import { digestOf } from './digest.ts';
import { type Guard, startGuard } from './guard.ts';
import { publishedImage, repositoryOf } from './image-name.ts';
import type { Built } from './launcher.ts';

/** Images and containers carry the peer's name under this label. */
export const peerLabel = 'stitch.peer';

/** Pulls the peer's image or builds it, unless there is one of its digest, and names it. Rejects with a PeerError of stage `build`. */
export async function buildImage(
  peer: Peer,
  signal: AbortSignal,
  guard: Guard,
): Promise<Built & { readonly image: string }> {
  const image = await imageOf(peer);
  const present = await idOf(image, signal);
  if (present !== undefined) return { image, cached: true, artifact: `${image} ${present}` };
  const pulled = await pull(peer, image, signal);
  if (pulled !== undefined) return { image, cached: false, artifact: pulled };
  await dockerBuild(peer, ['--tag', image, '--label', `${peerLabel}=${peer.name}`], signal, guard);
  await removeOldImages(peer, image);
  const built = await idOf(image, signal);
  return { image, cached: false, ...(built !== undefined && { artifact: `${image} ${built}` }) };
}

/** Its name and id under `image`; undefined when none is published, or none of these sources. */
async function pull(peer: Peer, image: string, signal: AbortSignal): Promise<string | undefined> {
  const published = publishedImage(specOf(peer).image, image);
  if (published === undefined) return undefined;
  for (const command of [
    ['pull', '--quiet', published],
    ['tag', published, image],
  ])
    if ((await docker(command, signal)) === undefined) return undefined;
  return `${published} ${await idOf(image, signal)}`;
}

/** `sha256:…`; undefined when there is no such image. */
async function idOf(image: string, signal: AbortSignal): Promise<string | undefined> {
  return docker(['image', 'inspect', '--format', '{{.Id}}', image], signal);
}

/** What it prints; undefined: it failed. Rejects with the signal's reason. */
async function docker(command: readonly string[], signal: AbortSignal): Promise<string | undefined> {
  const { failed, stdout } = await execa('docker', command, {
    reject: false,
    stdin: 'ignore',
    cancelSignal: signal,
  });
  signal.throwIfAborted();
  return failed ? undefined : stdout.trim();
}

/** Runs the peer's own tests, or its checks: builds that stage of the Dockerfile. Rejects with a PeerError of stage `build`. */
export async function runInContainer(what: 'test' | 'check', peer: Peer, signal: AbortSignal): Promise<void> {
  await using guard = startGuard();
  const stage = specOf(peer)[what];
  if (stage) await dockerBuild(peer, ['--target', stage, '--output', 'type=cacheonly'], signal, guard);
}

/**
 * Uses the engine's command line, since its builds say why they fail; the client
 * library's builder ends with "Failed to build image" and no more.
 */
async function dockerBuild(
  peer: Peer,
  options: readonly string[],
  signal: AbortSignal,
  guard: Guard,
): Promise<void> {
  const folder = sourceOf(peer);
  // A peer from elsewhere is built of its own folder: it knows nothing of the project's.
  const isOurs = !path.relative(rootFolder, folder).startsWith('..');
  const context = isOurs ? rootFolder : folder;
  const file = path.relative(context, path.join(folder, specOf(peer).dockerfile));
  const args = argumentsOf(peer).flatMap((argument) => ['--build-arg', argument]);
  const command = [
    'docker',
    'build',
    '--progress',
    'plain',
    '--file',
    file,
    ...args,
    ...options,
    '.',
  ] as const;
  await runBuild(peer, command, context, signal, guard);
}

/** The image of the peer as it is now: its tag is the digest of its folder and of proto/. */
export async function imageOf(peer: Peer): Promise<string> {
  const sources = await digestOf([sourceOf(peer), protoFolder], peer.process?.outputs ?? []);
  // What is built with arguments is named after them.
  const version = argumentsOf(peer).map((argument) => `-${argument.replaceAll(/[^\w.-]/g, '-')}`);
  return `${repositoryOf(peer)}:${sources.slice(0, 16)}${version.join('')}`;
}

function sourceOf(peer: Peer): string {
  return specOf(peer).folder ?? peer.folder;
}

/** `NAME=value` */
function argumentsOf(peer: Peer): readonly string[] {
  return Object.entries(specOf(peer).arguments ?? {}).map(([name, value]) => `${name}=${value}`);
}

async function removeOldImages(peer: Peer, current: string): Promise<void> {
  const listed = await execa(
    'docker',
    ['image', 'ls', '--filter', `label=${peerLabel}=${peer.name}`, '--format', '{{.Repository}}:{{.Tag}}'],
    { reject: false, stdin: 'ignore' },
  );
  const old = listed.stdout
    .split('\n')
    .filter((name) => name.startsWith(`${repositoryOf(peer)}:`) && name !== current);
  if (old.length > 0) await execa('docker', ['image', 'rm', ...old], { reject: false, stdin: 'ignore' });
}

function specOf(peer: Peer): ContainerSpec {
  if (!peer.container) throw new Error(`${peer.name} has no "container" in its manifest`);
  return peer.container;
}
