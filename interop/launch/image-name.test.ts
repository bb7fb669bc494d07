import { expect, it } from 'vitest';
import { publishedImage, repositoryOf } from './image-name.ts';

it.each([
  [undefined, undefined],
  ['ghcr.io/acme/peer', 'ghcr.io/acme/peer:0123456789abcdef'],
  ['localhost:5000/peer', 'localhost:5000/peer:0123456789abcdef'],
  ['localhost:5000/peer:1.2', 'localhost:5000/peer:1.2'],
  ['acme/peer@sha256:abc', 'acme/peer@sha256:abc'],
])('%s is published as %s', (name, image) => {
  expect(publishedImage(name, 'stitch-peer-mine:0123456789abcdef')).toBe(image);
});

it('a version of a peer has an image of its own', () => {
  expect(repositoryOf({ name: 'mine' })).toBe('stitch-peer-mine');
  expect(repositoryOf({ name: 'mine@1.2' })).toBe('stitch-peer-mine-at-1.2');
});
