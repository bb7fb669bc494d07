import { dockerfileOf } from './dockerfile.ts';
import { manifestOf } from './manifest.ts';
import { readmeOf } from './readme.ts';
import { unwritten, unwrittenFile } from './unwritten.ts';

/** The files of a new peer, by name, of the name that it has. */
export function skeletonOf(name: string): Readonly<Record<string, string>> {
  return {
    'peer.json': manifestOf(name),
    'README.md': readmeOf(name),
    Dockerfile: dockerfileOf(name),
    [unwrittenFile]: unwritten(name),
  };
}
