import type { Role } from '../model/peer.ts';
import type { WireProblem, WireStream, WireTrouble } from '../model/wire.ts';
import { type BlockReader, BrokenBlock, type HeaderBlock, makeBlockReader } from './http2/blocks.ts';
import { makeFlow } from './http2/flow.ts';
import type { Frame } from './http2/frame.ts';
import { type FrameReader, makeFrameReader } from './http2/frames.ts';
import { frameType, typeName } from './http2/names.ts';
import type { Methods } from './methods.ts';
import { type Passed, passed as passedOf } from './passed.ts';
import { type Fault, fault } from './rules.ts';
import { type LiveStream, makeStream } from './stream.ts';
import { makeStreams } from './streams.ts';

/** Of a DATA frame, at most: a message that goes on behind it is counted. */
const keptDataBytes = 1 << 20;
/** Frames that pass while no stream is open. */
const maxOpening = 16;

/** Reads along with one connection. */
export interface Conversation {
  /** Bytes as they pass, `atMs` on the clock of `performance.now`. Never throws. */
  read(from: Role, bytes: Buffer, atMs: number): void;
}

export interface ConversationEvents {
  /**
   * A stream's request headers were read. The object goes on filling as more
   * passes: it is live, and readonly to whoever gets it.
   */
  stream(stream: WireStream): void;
  /** `opaque` or `invalid`: from now on nothing can be read in that direction. At most once a direction. */
  trouble(trouble: WireTrouble): void;
}

interface Direction {
  readonly frames: FrameReader;
  readonly blocks: BlockReader;
  isOver: boolean;
}

/**
 * Reads both directions of one connection along. `connection` is its number in
 * what is found; memory is bounded for each stream.
 *
 * It is longer than other functions: its steps share the connection's state.
 */
export function makeConversation(connection: number, methods: Methods, on: ConversationEvents): Conversation {
  const streams = makeStreams();
  const flow = makeFlow();
  const directions = { client: direction('client'), server: direction('server') };
  let opening: Passed[] = [];
  /** What was wrong while no stream was open: it is the next one's. */
  let openingProblems: WireProblem[] = [];
  let omitted = 0;
  let atMs = 0;
  let lastStream = 0;
  let hasPromised = false;
  let isOpaque = false;

  function direction(from: Role): Direction {
    const frames = makeFrameReader(from, keptDataBytes, {
      maxFrameBytes: () => flow.maxFrameBytes(from),
      frame: (frame) => take(from, frame),
      opaque: () => opaque(from),
      problem: ({ offset, wanted, got }) => fail(from, offset, { wanted, got }),
    });
    return { frames, blocks: makeBlockReader(), isOver: false };
  }

  function take(from: Role, frame: Frame): void {
    if (directions[from].isOver) return;
    try {
      place(from, frame, directions[from].blocks.take(frame));
    } catch (error) {
      if (!(error instanceof BrokenBlock)) throw error;
      place(from, frame, undefined);
      fail(from, frame.offset, error, frame);
    }
  }

  function place(from: Role, frame: Frame, block: HeaderBlock | undefined): void {
    const passed = passedOf(frame, from, atMs, block?.headers);
    if (frame.stream === 0) share(passed);
    else {
      const stream = streams.find(frame.stream) ?? (isNew(from, frame) ? begin(frame) : undefined);
      if (frame.type === frameType.PUSH_PROMISE && (stream || streams.hasClosed(frame.stream)))
        hasPromised = true;
      if (stream) feed(stream, frame, passed, block);
      else if (!streams.hasClosed(frame.stream)) stray(from, frame, passed);
    }
    const wrong = flow.take(from, frame);
    if (wrong) blameFor(from, frame, wrong);
  }

  function feed(stream: LiveStream, frame: Frame, passed: Passed, block: HeaderBlock | undefined): void {
    const hadRequest = stream.hasRequest();
    stream.take(frame, passed, block);
    streams.settle(stream);
    if (!hadRequest && stream.hasRequest()) on.stream(stream.wire);
  }

  /** Of the stream that the frame is of, or of all. */
  function blameFor(from: Role, { stream: number, offset }: Frame, wrong: Fault): void {
    if (number !== 0) streams.find(number)?.blame(from, offset, wrong, 'last');
    else blameAll(from, offset, wrong);
  }

  /** It is about the whole connection: each stream that is open has it, or the next one. */
  function blameAll(from: Role, offset: number, wrong: Fault): void {
    if (!streams.isIdle()) for (const open of streams.open()) open.blame(from, offset, wrong, 'last');
    else if (openingProblems.length < maxOpening) openingProblems.push({ from, offset, ...wrong });
  }

  function isNew(from: Role, { type, stream }: Frame): boolean {
    return from === 'client' && type === frameType.HEADERS && !streams.hasClosed(stream);
  }

  function begin({ stream: number, offset }: Frame): LiveStream {
    const stream = makeStream(connection, number, methods, { frames: opening, omitted });
    streams.add(stream);
    const wrong = numberFault(number, lastStream);
    if (wrong) stream.blame('client', offset, wrong, 'next');
    for (const { from, offset, ...wrong } of openingProblems) stream.blame(from, offset, wrong, 'elsewhere');
    lastStream = Math.max(lastStream, number);
    openingProblems = [];
    opening = [];
    omitted = 0;
    return stream;
  }

  /** It is about the whole connection: each stream that is open has it, or the next one. */
  function share(passed: Passed): void {
    for (const stream of streams.open()) stream.share(passed);
    if (!streams.isIdle()) return;
    opening.push(passed);
    if (opening.length <= maxOpening) return;
    opening.shift();
    omitted++;
  }

  /** A frame of a stream that nobody opened, or of one that closed long ago. */
  function stray(from: Role, frame: Frame, passed: Passed): void {
    if (!isIdleFault(from, frame)) return;
    const { stream, type, offset } = frame;
    const wrong = fault('idle', `${typeName(type)} of stream ${stream}, which was never opened`);
    share(passed);
    blameAll(from, offset, wrong);
  }

  function isIdleFault(from: Role, { stream, type }: Frame): boolean {
    // RFC 9113, 5.5: "Implementations MUST discard frames that have unknown or unsupported types."
    if (type === frameType.PRIORITY || type > frameType.CONTINUATION) return false;
    if (from === 'server' && (directions.client.isOver || (hasPromised && stream % 2 === 0))) return false;
    return stream % 2 === 0 || stream > lastStream;
  }

  function opaque(from: Role): void {
    if (directions[from].isOver) return;
    directions[from].isOver = true;
    if (!isOpaque) on.trouble({ kind: 'opaque', connection });
    isOpaque = true;
  }

  /** Nothing more can be read in that direction. `at` is the frame that broke it, if it was one. */
  function fail(from: Role, offset: number, { wanted, got }: Fault, at?: Frame): void {
    if (directions[from].isOver) return;
    directions[from].isOver = true;
    for (const stream of streams.open()) {
      const isIts = at !== undefined && (at.stream === 0 || at.stream === stream.wire.stream);
      stream.blame(from, offset, { wanted, got }, isIts ? 'last' : 'elsewhere');
    }
    const problem: WireProblem = { from, offset, wanted, got };
    on.trouble({ kind: 'invalid', connection, problem });
  }

  return {
    read(from, bytes, passedAtMs) {
      atMs = passedAtMs;
      if (!directions[from].isOver) directions[from].frames.read(bytes);
    },
  };
}

function numberFault(number: number, before: number): Fault | undefined {
  if (number % 2 === 0) return fault('evenStream', `stream ${number}`);
  return number <= before ? fault('oldStream', `stream ${number} behind ${before}`) : undefined;
}
