import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import pixelmatch from 'pixelmatch';
import { PNG } from 'pngjs';
import { rootFolder, workFolder } from '../folders.ts';

/** Pictures as they were when somebody looked at them. */
export const goldenFolder = path.join(rootFolder, 'interop', 'fixtures', 'pictures');
/** Where those lie that differ. */
const differing = path.join(workFolder, 'screenshots');

/**
 * A pixel differs when its colour is further away than this (1: black from white, in
 * OKLab), and no smoothed edge explains it. At 0.1 the ground of a known failure is
 * taken for that of the page; at 0.05 no longer.
 */
const threshold = 0.03;
/**
 * So many pixels may differ in any square of so many: what another version of the
 * browser may do to the edges of a few letters. One place of the matrix with another
 * ground is 919 pixels, 4 px further down 422, 4 px to the right 183. A glyph that is
 * gone is 8: for glyphs and words there are tests of the text.
 */
const windowSize = 32;
const allowedPixels = 60;

/** What two pictures differ in; undefined when a reader would call them alike. */
export interface Difference {
  readonly sentence: string;
  /** The differing pixels, in red; none when the sizes differ. */
  readonly picture?: Buffer;
}

export function differenceOf(wanted: Buffer, got: Buffer): Difference | undefined {
  const [a, b] = [PNG.sync.read(wanted), PNG.sync.read(got)];
  if (a.width !== b.width || a.height !== b.height)
    return { sentence: `wanted ${a.width} × ${a.height} pixels, got ${b.width} × ${b.height}` };
  const out = new PNG({ width: a.width, height: a.height });
  const most = pixelmatch(a.data, b.data, out.data, a.width, a.height, { threshold, windowSize });
  return most <= allowedPixels
    ? undefined
    : {
        sentence: `${most} pixels of a square of ${windowSize} differ, and ${allowedPixels} may`,
        picture: PNG.sync.write(out),
      };
}

/**
 * Compares with the golden picture; one that differs is kept in
 * interop/out/screenshots/. With `vitest -u`, or where there is none outside of CI, it
 * becomes the golden one.
 */
export function checkPicture(file: string, got: Buffer, isUpdate: boolean): void {
  const name = path.basename(file, '.png');
  const difference = existsSync(file)
    ? differenceOf(readFileSync(file), got)
    : { sentence: 'there is no golden picture' };
  if (!difference) return;
  if (isUpdate || (!existsSync(file) && !process.env.CI)) {
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, small(got));
    return;
  }
  mkdirSync(differing, { recursive: true });
  const kept = [['actual', got] as const, ['diff', difference.picture] as const].flatMap(([what, bytes]) => {
    const to = path.join(differing, `${name}.${what}.png`);
    rmSync(to, { force: true });
    if (bytes) writeFileSync(to, bytes);
    return bytes ? [path.relative(rootFolder, to)] : [];
  });
  throw new Error(
    `the picture ${name} is not as it was: ${difference.sentence}\n  see ${kept.join(', ')}\n` +
      '  hint: when it is as it should be, npm test -- interop/browser/pictures.test.ts -u',
  );
}

/** The same picture in half the bytes: fewer colours than an eye, or the comparison, tells apart. */
function small(picture: Buffer): Buffer {
  const png = PNG.sync.read(picture);
  for (const [index, byte] of png.data.entries()) png.data[index] = Math.min(255, Math.round(byte / 4) * 4);
  return PNG.sync.write(png, { colorType: 2, deflateLevel: 9, deflateStrategy: 0, filterType: 0 });
}
