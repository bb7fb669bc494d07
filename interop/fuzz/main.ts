/**
 * Feeds wrong bytes to the wire's readers: `node interop/fuzz/main.ts [minutes] [seed]`. What breaks
 * them is kept in seeds/broken and fixtures/tls/broken, and `node interop/fuzz/main.ts 0 SEED` does just that one again.
 * Exit code 1 when something broke.
 */
import { makeRandom } from '../fixtures/random.ts';
import { keepTlsSeed, loadTlsSeeds } from '../fixtures/tls/sessions.ts';
import { check } from './check.ts';
import { checkTls, contentOf } from './check-tls.ts';
import { mutate, recut } from './mutate.ts';
import { mutateTls } from './mutate-tls.ts';
import { keepBroken, loadSeeds } from './seeds.ts';

/** More than the whole harness needs. */
const maxResidentBytes = 1 << 30;
const progressMs = 10_000;
/** Enough to see what it is. */
const maxBroken = 10;

const sessions = loadSeeds('recorded').map(({ pieces }) => pieces);

const tlsSeeds = loadTlsSeeds('recorded');
const contents = new Map(tlsSeeds.map((seed) => [seed.name, contentOf(seed)]));

/** HTTP/2 of that seed; what is wrong with how it was read, as a sentence. */
function tryHttp2(seed: number): string | undefined {
  const random = makeRandom(seed);
  const pieces = mutate(sessions, random);
  return problemOf(
    seed,
    () => check(pieces, recut(pieces, random)),
    () => keepBroken(`seed-${seed}`, pieces),
  );
}

/** TLS of that seed. A broken one keeps the name of what it was made of, in front. */
function tryTls(seed: number): string | undefined {
  const random = makeRandom(seed);
  const made = mutateTls(tlsSeeds, random);
  const content = contents.get(made.name) ?? { client: '', server: '' };
  return problemOf(
    seed,
    () => checkTls(made, recut(made.pieces, random), content),
    () => keepTlsSeed('broken', { ...made, name: `${made.name}-seed-${seed}` }),
  );
}

function problemOf(seed: number, run: () => void, keep: () => string): string | undefined {
  try {
    run();
    return undefined;
  } catch (error) {
    return `seed ${seed}: ${(error as Error).stack}\n  kept as ${keep()}`;
  }
}

function main(minutes: number, firstSeed: number): void {
  const start = Date.now();
  const endsAt = start + minutes * 60_000;
  let seed = firstSeed;
  let broken = 0;
  let nextProgress = start + progressMs;
  do {
    const number = seed++ >>> 0;
    for (const problem of [tryHttp2(number), tryTls(number)]) {
      if (!problem) continue;
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
