/** Makes wrong sessions of TLS of right ones. */
import type { Random } from '../fixtures/random.ts';
import type { TlsSeed } from '../fixtures/tls/sessions.ts';
import { replace } from './frame-bytes.ts';
import { type Mutation, mutated, plainMutations, randomBytes } from './mutate.ts';

/** RFC 8446, 5.1: a type, a version and a length. */
const headerBytes = 5;

/** One record of the piece, from where to where; empty when there is none. They are whole in what was recorded. */
function pick(bytes: Buffer, random: Random): readonly [start: number, end: number] {
  const starts: number[] = [];
  let at = 0;
  for (; at + headerBytes <= bytes.length; at += headerBytes + bytes.readUInt16BE(at + 3)) starts.push(at);
  const index = random.below(starts.length);
  const start = starts[index] ?? 0;
  return [start, Math.min(starts[index + 1] ?? at, bytes.length)];
}

/** Of one record with its header; the piece as it is when there is none. */
function ofRecord(change: (record: Buffer, random: Random) => Buffer): Mutation {
  return (bytes, random) => {
    const [start, end] = pick(bytes, random);
    if (end - start < headerBytes) return bytes;
    return replace(bytes, start, end, change(Buffer.from(bytes.subarray(start, end)), random));
  };
}

function record(type: number, content: Buffer): Buffer {
  const header = Buffer.from([type, 3, 3, 0, 0]);
  header.writeUInt16BE(content.length, 3);
  return Buffer.concat([header, content]);
}

const lieAboutLength = ofRecord((each, random) => {
  each.writeUInt16BE(random.below(2 ** (1 + random.below(16))), 3);
  return each;
});

const setType = ofRecord((each, random) => {
  each.writeUInt8(18 + random.below(9), 0);
  return each;
});

/** A byte within it: the records behind it stay where they are. */
const setWithin = ofRecord((each, random) => {
  if (each.length > headerBytes)
    each.writeUInt8(random.below(256), headerBytes + random.below(each.length - headerBytes));
  return each;
});

const duplicate = ofRecord((each, random) =>
  Buffer.concat(Array<Buffer>(random.below(8) ? 2 : 2 + random.below(50)).fill(each)),
);

const drop = ofRecord(() => Buffer.alloc(0));

/** The same content in several records, some of which may be empty. */
const split = ofRecord((each, random) => {
  const content = each.subarray(headerBytes);
  const at = random.below(content.length + 1);
  const type = each.readUInt8(0);
  return Buffer.concat([
    record(type, content.subarray(0, at)),
    record(type, Buffer.alloc(0)),
    record(type, content.subarray(at)),
  ]);
});

/** Before it another one, of any type. */
const precede = ofRecord((each, random) =>
  Buffer.concat([record(20 + random.below(5), randomBytes(random, random.below(2) ? 20 : 200)), each]),
);

const mutations: readonly Mutation[] = [
  ...plainMutations,
  lieAboutLength,
  setType,
  setWithin,
  duplicate,
  drop,
  split,
  precede,
];

/** A session like one of those recorded, with up to eight things wrong, and now and then in its keys as well. */
export function mutateTls(seeds: readonly TlsSeed[], random: Random): TlsSeed {
  const seed = seeds[random.below(seeds.length)] as TlsSeed;
  const isOfOther = random.below(16) === 0;
  const { keys } = isOfOther ? (seeds[random.below(seeds.length)] as TlsSeed) : seed;
  const wrong = plainMutations[random.below(plainMutations.length)];
  return {
    name: seed.name,
    pieces: mutated(seed.pieces, random, mutations),
    keys: random.below(16) || !wrong ? keys : wrong(Buffer.from(keys, 'latin1'), random).toString('latin1'),
  };
}
