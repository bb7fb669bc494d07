/**
 * Feeds wrong bytes to the wire's readers: `node interop/fuzz/main.ts [minutes] [seed]`. What breaks
 * them is kept in seeds/broken, and `node interop/fuzz/main.ts 0 SEED` does just that one again.
 * Exit code 1 when something broke.
 */
import { makeRandom } from '../fixtures/random.ts';
import { check } from './check.ts';
import { mutate, recut } from './mutate.ts';
import { keepBroken, loadSeeds } from './seeds.ts';

/** More than the whole harness needs. */
const maxResidentBytes = 1 << 30;
const progressMs = 10_000;
/** Enough to see what it is. */
const maxBroken = 10;

const sessions = loadSeeds('recorded').map(({ pieces }) => pieces);

/** The input of that seed; what is wrong with how it was read, as a sentence. */
function tryOne(seed: number): string | undefined {
  const random = makeRandom(seed);
  const pieces = mutate(sessions, random);
  try {
    check(pieces, recut(pieces, random));
    return undefined;
  } catch (error) {
    return `seed ${seed}: ${(error as Error).stack}\n  kept as ${keepBroken(`seed-${seed}`, pieces)}`;
  }
}

function main(minutes: number, firstSeed: number): void {
  const start = Date.now();
  const endsAt = start + minutes * 60_000;
  let seed = firstSeed;
  let broken = 0;
  let nextProgress = start + progressMs;
  do {
    const problem = tryOne(seed++ >>> 0);
    if (problem) {
      console.log(problem);
      broken++;
    }
    if (Date.now() < nextProgress) continue;
    nextProgress += progressMs;
    console.log(progress(seed - firstSeed, broken, start, endsAt));
    if (process.memoryUsage.rss() > maxResidentBytes) throw new Error(`seed ${seed}: out of memory`);
  } while (Date.now() < endsAt && broken < maxBroken);
  console.log(progress(seed - firstSeed, broken, start, endsAt));
  process.exitCode = broken ? 1 : 0;
}

/** `12% of 10 min: 81234 inputs, 1128 a second, 0 broken` */
function progress(inputs: number, broken: number, start: number, endsAt: number): string {
  const ms = Date.now() - start;
  const percent = Math.min(100, Math.round((ms / (endsAt - start || 1)) * 100));
  const aSecond = Math.round(inputs / (ms / 1000));
  return `${percent}% of ${(endsAt - start) / 60_000} min: ${inputs} inputs, ${aSecond} a second, ${broken} broken`;
}

const [minutes = '1', seed = String(Date.now() % 2 ** 32)] = process.argv.slice(2);
main(Number(minutes), Number(seed));
