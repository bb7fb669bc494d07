import { describe, expect, it } from 'vitest';
import { makeRandom } from '../fixtures/random.ts';
import { loadTlsSeeds } from '../fixtures/tls/sessions.ts';
import { check } from './check.ts';
import { checkTls, contentOf } from './check-tls.ts';
import { mutate, recut } from './mutate.ts';
import { mutateTls } from './mutate-tls.ts';
import { parsePieces, printPieces } from './pieces.ts';
import { loadSeeds, type Seed } from './seeds.ts';

const recorded = loadSeeds('recorded');
const sessions = recorded.map(({ pieces }) => pieces);

function replay({ pieces }: Seed): void {
  const random = makeRandom(1);
  for (let times = 0; times < 4; times++) check(pieces, recut(pieces, random));
}

describe('sessions that were recorded', () => {
  it.each(recorded)('$name is read', replay);

  it('survive being written and read', () => {
    for (const pieces of sessions) expect(parsePieces(printPieces(pieces))).toEqual(pieces);
    expect(() => parsePieces('relay 00')).toThrow('wanted client or server, got relay');
  });
});

describe('bytes that are wrong', () => {
  const broken = loadSeeds('broken');
  it.each(broken)('$name, which broke it once', replay);

  it('are read like any others', () => {
    for (let seed = 0; seed < 500; seed++) {
      const random = makeRandom(seed);
      const pieces = mutate(sessions, random);
      expect(() => check(pieces, recut(pieces, random)), `seed ${seed}`).not.toThrow();
    }
  });

  it('are the same for the same seed, and others for another', () => {
    const made = (seed: number) => printPieces(mutate(sessions, makeRandom(seed)));
    expect(made(7)).toBe(made(7));
    expect(new Set(Array.from({ length: 100 }, (_, seed) => made(seed))).size).toBeGreaterThan(90);
  });
});

describe('sessions of TLS that are wrong', () => {
  const seeds = loadTlsSeeds('recorded');
  const contents = new Map(seeds.map((seed) => [seed.name, contentOf(seed)]));
  const contentFor = (name: string) =>
    contents.get(name.replace(/-seed-\d+$/, '')) ?? { client: '', server: '' };

  it('were made of sessions in which something is', () => {
    expect(seeds.filter(({ name }) => contentFor(name).server !== '').length).toBeGreaterThan(8);
  });

  it.each(loadTlsSeeds('broken'))('$name, which broke it once', (seed) => {
    const random = makeRandom(1);
    for (let times = 0; times < 4; times++) checkTls(seed, recut(seed.pieces, random), contentFor(seed.name));
  });

  it('are read like any others, and nothing is opened that was not sent', () => {
    for (let number = 0; number < 200; number++) {
      const random = makeRandom(number);
      const seed = mutateTls(seeds, random);
      const cut = recut(seed.pieces, random);
      expect(() => checkTls(seed, cut, contentFor(seed.name)), `seed ${number}`).not.toThrow();
    }
  });
});
