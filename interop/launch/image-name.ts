import type { Peer } from '../model/peer.ts';

/** What the image of a peer is called, without a tag; it may have no `@`. */
export function repositoryOf({ name }: Pick<Peer, 'name'>): string {
  return `stitch-peer-${name.replaceAll('@', '-at-')}`;
}

/** Of a repository the image that has the tag of the local one; what has a tag or a digest is an image already. */
export function publishedImage(name: string | undefined, local: string): string | undefined {
  if (name === undefined) return undefined;
  const isWhole = name.includes('@') || /:[^/]*$/.test(name);
  return isWhole ? name : `${name}:${local.split(':')[1]}`;
}
