/**
 * `npm run images -- ghcr.io/acme/stitch [PEER…]`: builds the images of peers and publishes them there, each
 * under the digest of its sources, unless that is there already. From there `--images` pulls them.
 */
import { execa } from 'execa';
import { startGuard } from '../launch/guard.ts';
import { buildImage, imageOf } from '../launch/image.ts';
import { publishedImage, repositoryOf } from '../launch/image-name.ts';
import { findPeers } from '../peers/find.ts';

const [place, ...names] = process.argv.slice(2);
if (place === undefined) {
  process.stderr.write('wanted a place for images: npm run images -- ghcr.io/acme/stitch [PEER…]\n');
  process.exit(2);
}
const peers = (await findPeers()).filter((peer) => peer.container);
const unknown = names.find((name) => !peers.some((peer) => peer.name === name));
if (unknown !== undefined) {
  process.stderr.write(
    `no peer with a container is named ${unknown}; there are ${peers.map(({ name }) => name).join(' ')}\n`,
  );
  process.exit(2);
}

await using guard = startGuard();
for (const peer of peers.filter(({ name }) => names.length === 0 || names.includes(name))) {
  const published = publishedImage(`${place}/${repositoryOf(peer)}`, await imageOf(peer)) ?? '';
  const there = await execa('docker', ['buildx', 'imagetools', 'inspect', published], {
    reject: false,
    stdin: 'ignore',
  });
  if (there.failed) {
    const { image } = await buildImage(peer, new AbortController().signal, guard);
    await execa('docker', ['tag', image, published], { stdin: 'ignore' });
    await execa('docker', ['push', '--quiet', published], { stdin: 'ignore' });
  }
  process.stdout.write(`${published}${there.failed ? '' : ' was there'}\n`);
}
