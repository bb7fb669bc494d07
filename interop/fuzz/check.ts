/** What must be true of all bytes, however wrong: it is read to its end, in time, and said in few words. */
import { loadContracts, ownContracts } from '../contract/load.ts';
import type { Role } from '../model/peer.ts';
import type { WireProblem, WireStream, WireTrouble } from '../model/wire.ts';
import { makeConversation } from '../wire/conversation.ts';
import { HpackError, makeHeaderDecoder } from '../wire/hpack/hpack.ts';
import type { Frame } from '../wire/http2/frame.ts';
import { type FrameProblem, makeFrameReader } from '../wire/http2/frames.ts';
import { frameType } from '../wire/http2/names.ts';
import { dataOf, fragmentOf } from '../wire/http2/padding.ts';
import { methodsOf } from '../wire/methods.ts';
import type { Piece } from './pieces.ts';

/** Thousands of times what it takes. */
const maxMs = 2000;

/** Of what was found, as the log writes it; the bytes fed are a few thousand. */
const maxFoundBytes = 32 << 20;

const keptBytes = 100;

const roles = ['client', 'server'] as const;

function want(isTrue: boolean, sentence: string): void {
  if (!isTrue) throw new Error(sentence);
}

function bytesOf(pieces: readonly Piece[], from: Role): number {
  return pieces.reduce((sum, piece) => sum + (piece.from === from ? piece.bytes.length : 0), 0);
}

/** What is wrong at the first bytes is shown as far as it has come, and that depends on the cuts. */
function withoutFirstBytes(_: string, value: unknown): unknown {
  const problem = value as Partial<WireProblem> | null;
  return problem?.wanted?.includes('RFC 9113, 3.4') ? { ...problem, got: '' } : value;
}

/** To compare. */
function print(found: unknown): string {
  const all = JSON.stringify(found);
  // A replacer takes its time.
  return all.includes('RFC 9113, 3.4') ? JSON.stringify(found, withoutFirstBytes) : all;
}

/** One direction, cut into frames. Says whether nothing comes behind the end. */
function readFrames(pieces: readonly Piece[], from: Role): string {
  const frames: Frame[] = [];
  const ends: (FrameProblem | 'opaque')[] = [];
  const reader = makeFrameReader(from, keptBytes, {
    frame: (frame) => {
      want(ends.length === 0, 'a frame came behind a problem');
      frames.push(frame);
    },
    problem: (problem) => ends.push(problem),
    opaque: () => ends.push('opaque'),
  });
  for (const piece of pieces) if (piece.from === from) reader.read(piece.bytes);
  want(ends.length <= 1, `there were ${ends.length} ends`);
  checkFrames(frames, ends[0], from, bytesOf(pieces, from));
  checkHeaders(frames);
  return print([frames.map(({ payload, ...header }) => [header, payload.toString('hex')]), ends]);
}

function checkFrames(
  frames: readonly Frame[],
  end: FrameProblem | 'opaque' | undefined,
  from: Role,
  fed: number,
): void {
  let offset = from === 'client' ? 24 : 0;
  for (const frame of frames) {
    want(frame.offset === offset, `wanted a frame at ${offset}, got one at ${frame.offset}`);
    want(frame.payload.length <= frame.length, 'a payload is longer than its frame');
    offset += 9 + frame.length;
  }
  want(offset <= fed || frames.length === 0, `${offset} bytes are in frames, of ${fed}`);
  if (end === undefined || end === 'opaque') return;
  want(end.offset < fed, `a problem is at ${end.offset}, and ${fed} bytes were fed`);
}

/** Each block by itself, whatever was wrong before: decoders must take anything. */
function checkHeaders(frames: readonly Frame[]): void {
  const decoder = makeHeaderDecoder();
  for (const frame of frames) {
    if (frame.type === frameType.DATA) attempt(() => dataOf(frame));
    if (frame.type !== frameType.HEADERS && frame.type !== frameType.CONTINUATION) continue;
    const block = attempt(() => fragmentOf(frame)) ?? frame.payload;
    try {
      decoder.decode(block);
    } catch (error) {
      if (!(error instanceof HpackError)) throw error;
      want(error.offset <= block.length, `HpackError at ${error.offset} of ${block.length} bytes`);
    }
  }
}

/** Padding may be too long, and that is said in an Error. */
function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    want((error as Error).message.startsWith('RFC 9113, 6.1'), `${error}`);
    return undefined;
  }
}

const { types } = await loadContracts(ownContracts());
const methods = methodsOf(types);

function readConversation(pieces: readonly Piece[]): string {
  const streams: WireStream[] = [];
  const troubles: WireTrouble[] = [];
  const conversation = makeConversation(1, methods, {
    stream: (stream) => streams.push(stream),
    trouble: (trouble) => troubles.push(trouble),
  });
  for (const { from, bytes } of pieces) conversation.read(from, bytes, 0);
  const fed = { client: bytesOf(pieces, 'client'), server: bytesOf(pieces, 'server') };
  for (const trouble of troubles) if (trouble.kind === 'invalid') checkProblem(trouble.problem, fed);
  for (const stream of streams) checkStream(stream, fed);
  const found = print({ streams, troubles });
  want(found.length <= maxFoundBytes, `${found.length} bytes were found in ${fed.client + fed.server}`);
  return found;
}

function checkProblem({ from, offset }: WireProblem, fed: Readonly<Record<Role, number>>): void {
  want(offset < fed[from], `a problem of the ${from} is at ${offset}, and ${fed[from]} bytes were fed`);
}

function checkStream(stream: WireStream, fed: Readonly<Record<Role, number>>): void {
  const count = stream.frames.length + stream.omitted;
  let last = -1;
  for (const { number } of stream.frames) {
    want(number > last && number < count, `frame ${number} comes behind ${last}, of ${count}`);
    last = number;
  }
  for (const problem of stream.problems) {
    checkProblem(problem, fed);
    want((problem.frame ?? 0) < count, `a problem is in frame ${problem.frame}, of ${count}`);
  }
  for (const half of [stream.request, stream.response]) {
    for (const number of [half.headersFrame, half.trailersFrame, half.endFrame]) {
      want((number ?? 0) < count, `a half ends in frame ${number}, of ${count}`);
    }
    want(half.restBytes >= 0, `${half.restBytes} bytes are behind the last message`);
  }
}

/** Reads both; throws an Error with a sentence when something is not as it must be, or when the cuts matter. */
export function check(pieces: readonly Piece[], cut: readonly Piece[]): void {
  const start = performance.now();
  for (const from of roles) {
    want(readFrames(pieces, from) === readFrames(cut, from), `cuts make other frames of the ${from}`);
  }
  want(readConversation(pieces) === readConversation(cut), 'cuts make another conversation');
  const ms = Math.round(performance.now() - start);
  want(ms <= maxMs, `it took ${ms} ms, of at most ${maxMs}`);
}
