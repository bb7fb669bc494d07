/** Makes wrong bytes of right ones. */
import type { Random } from '../fixtures/random.ts';
import { frameFlag, frameType } from '../wire/http2/names.ts';
import { header, headerBytes, pick, replace } from './frame-bytes.ts';
import type { Piece } from './pieces.ts';

/** So that a thousand inputs take about a second. */
const maxInsertedBytes = 2000;

/** Numbers at which something may end: of a byte, of a prefix of HPACK, of a length. */
const edges = [0, 1, 0x0f, 0x10, 0x1f, 0x20, 0x3f, 0x40, 0x7f, 0x80, 0xbe, 0xff];

export type Mutation = (bytes: Buffer, random: Random) => Buffer;

export function randomBytes(random: Random, maxLength: number): Buffer {
  const usual = random.below(4) === 0 ? 256 : edges.length;
  return Buffer.from(
    Array.from({ length: random.below(maxLength) }, () => {
      const number = random.below(usual);
      return usual === 256 ? number : (edges[number] ?? 0);
    }),
  );
}

/** Anything; or one byte again and again, as references to the same header field are. */
function randomPayload(random: Random): Buffer {
  if (random.below(4)) return randomBytes(random, random.below(8) ? 64 : maxInsertedBytes);
  return Buffer.alloc(random.below(maxInsertedBytes), random.below(256));
}

const flipBit: Mutation = (bytes, random) => {
  const copy = Buffer.from(bytes);
  const at = random.below(bytes.length);
  copy[at] = (copy[at] ?? 0) ^ (1 << random.below(8));
  return copy;
};

const setEdge: Mutation = (bytes, random) => {
  const copy = Buffer.from(bytes);
  copy[random.below(bytes.length)] = edges[random.below(edges.length)] ?? 0;
  return copy;
};

const cut: Mutation = (bytes, random) => {
  const start = random.below(bytes.length);
  return replace(bytes, start, start + 1 + random.below(bytes.length - start), Buffer.alloc(0));
};

const cutOff: Mutation = (bytes, random) => bytes.subarray(0, random.below(bytes.length));

const insert: Mutation = (bytes, random) => {
  const at = random.below(bytes.length);
  return replace(bytes, at, at, randomBytes(random, random.below(8) ? 16 : maxInsertedBytes));
};

/** Of a frame the payload, whose length stays right. */
const replacePayload: Mutation = (bytes, random) => {
  const [start, end] = pick(bytes, random);
  if (end - start < headerBytes) return bytes;
  const payload = randomPayload(random);
  const head = Buffer.from(bytes.subarray(start, start + headerBytes));
  head.writeUIntBE(payload.length, 0, 3);
  return replace(bytes, start, end, Buffer.concat([head, payload]));
};

/** A byte within the payload of a frame: the frames behind it stay where they are. */
const setInPayload: Mutation = (bytes, random) => {
  const [start, end] = pick(bytes, random);
  if (end - start <= headerBytes) return bytes;
  const copy = Buffer.from(bytes);
  copy[start + headerBytes + random.below(end - start - headerBytes)] = random.below(256);
  return copy;
};

const lieAboutLength: Mutation = (bytes, random) => {
  const [start, end] = pick(bytes, random);
  if (end - start < headerBytes) return bytes;
  const copy = Buffer.from(bytes);
  copy.writeUIntBE(random.below(2 ** (1 + random.below(24))), start, 3);
  return copy;
};

const duplicateFrame: Mutation = (bytes, random) => {
  const [start, end] = pick(bytes, random);
  const times = random.below(8) ? 1 : 1 + random.below(50);
  return replace(bytes, end, end, Buffer.concat(Array<Buffer>(times).fill(bytes.subarray(start, end))));
};

const dropFrame: Mutation = (bytes, random) => replace(bytes, ...pick(bytes, random), Buffer.alloc(0));

const setFlags: Mutation = (bytes, random) => {
  const [start, end] = pick(bytes, random);
  if (end - start < headerBytes) return bytes;
  const copy = Buffer.from(bytes);
  copy.writeUInt8(random.below(256), start + 4);
  return copy;
};

const setStream: Mutation = (bytes, random) => {
  const [start, end] = pick(bytes, random);
  if (end - start < headerBytes) return bytes;
  const copy = Buffer.from(bytes);
  copy.writeUInt32BE(random.below(2) ? random.below(12) : random.below(2 ** 32), start + 5);
  return copy;
};

const insertFrame: Mutation = (bytes, random) => {
  const [start] = pick(bytes, random);
  const payload = randomBytes(random, random.below(2) ? 20 : 200);
  const stream = random.below(8) ? random.below(8) : random.below(2 ** 32);
  const head = header(random.below(12), random.below(256), stream, payload.length);
  return replace(bytes, start, start, Buffer.concat([head, payload]));
};

/** HEADERS as HEADERS and CONTINUATION, some of which may be empty. */
const splitHeaders: Mutation = (bytes, random) => {
  const [start, end] = pick(bytes, random);
  if (end - start < headerBytes || bytes[start + 3] !== frameType.HEADERS) return bytes;
  const stream = bytes.readUInt32BE(start + 5);
  const flags = bytes.readUInt8(start + 4);
  const block = bytes.subarray(start + headerBytes, end);
  const at = random.below(block.length + 1);
  return replace(
    bytes,
    start,
    end,
    Buffer.concat([
      header(frameType.HEADERS, flags & ~frameFlag.END_HEADERS, stream, at),
      block.subarray(0, at),
      header(frameType.CONTINUATION, 0, stream, 0),
      header(frameType.CONTINUATION, frameFlag.END_HEADERS, stream, block.length - at),
      block.subarray(at),
    ]),
  );
};

/** Those that know of no frames. */
export const plainMutations: readonly Mutation[] = [flipBit, setEdge, cut, cutOff, insert];

const mutations: readonly Mutation[] = [
  ...plainMutations,
  replacePayload,
  setInPayload,
  lieAboutLength,
  duplicateFrame,
  dropFrame,
  setFlags,
  setStream,
  insertFrame,
  splitHeaders,
];

function mutateOne(pieces: Piece[], random: Random, mutations: readonly Mutation[]): void {
  const index = random.below(pieces.length);
  const piece = pieces[index];
  const mutation = mutations[random.below(mutations.length)];
  if (!piece || piece.bytes.length === 0 || !mutation) return;
  pieces[index] = { from: piece.from, bytes: mutation(piece.bytes, random) };
}

/** What was said earlier comes late, or comes from the other side. */
function shuffleOne(pieces: Piece[], random: Random): void {
  const [piece] = pieces.splice(random.below(pieces.length), 1);
  if (!piece) return;
  const from = random.below(4) ? piece.from : random.below(2) ? 'client' : 'server';
  pieces.splice(random.below(pieces.length + 1), 0, { from, bytes: piece.bytes });
}

/** A session like one of those recorded, with up to eight things wrong. The same `random` does the same. */
export function mutate(sessions: readonly (readonly Piece[])[], random: Random): readonly Piece[] {
  return mutated(sessions[random.below(sessions.length)] ?? [], random, mutations);
}

/** That session, with up to eight of these done to it. */
export function mutated(
  session: readonly Piece[],
  random: Random,
  mutations: readonly Mutation[],
): readonly Piece[] {
  const pieces = [...session];
  for (let count = 1 + random.below(8); count > 0; count--) {
    if (random.below(10)) mutateOne(pieces, random, mutations);
    else shuffleOne(pieces, random);
  }
  return pieces;
}

/** The same bytes in the same order, cut at other places. */
export function recut(pieces: readonly Piece[], random: Random): readonly Piece[] {
  const maxBytes = [1, 3, 30, 300][random.below(4)] ?? 1;
  return pieces.flatMap(({ from, bytes }) => {
    const cuts: Piece[] = [];
    for (let at = 0, end = 0; at < bytes.length; at = end) {
      end = at + 1 + random.below(maxBytes);
      cuts.push({ from, bytes: bytes.subarray(at, end) });
    }
    return cuts;
  });
}
