import type { Role } from '../model/peer.ts';
import type { WireFrame, WireProblem, WireReset, WireStream } from '../model/wire.ts';
import type { Draft } from './draft.ts';
import { headerValue, makeHalf } from './half.ts';
import type { HeaderBlock } from './http2/blocks.ts';
import type { Frame } from './http2/frame.ts';
import { errorName, frameFlag, frameType } from './http2/names.ts';
import { dataOf } from './http2/padding.ts';
import type { Methods } from './methods.ts';
import { isKept, type Passed } from './passed.ts';
import { type Fault, fault } from './rules.ts';

/** More are not kept: one is enough to blame a side. */
const maxProblems = 16;
const maxResets = 16;

/** Frames that passed before the stream began, about the whole connection. */
export interface Opening {
  readonly frames: readonly Passed[];
  /** Those before them that were left out. */
  readonly omitted: number;
}

/** Which frame is to blame: the stream's last, the one that comes next, or none of the stream's. */
type Where = 'last' | 'next' | 'elsewhere';

/** Fills a WireStream as its frames pass. */
export interface LiveStream {
  readonly wire: WireStream;
  /** A frame of the stream; `block` is the one that it ends. */
  take(frame: Frame, passed: Passed, block: HeaderBlock | undefined): void;
  /** A frame about the whole connection. */
  share(passed: Passed): void;
  /** What is wrong with the bytes at that offset. */
  blame(from: Role, offset: number, fault: Fault, where: Where): void;
  hasRequest(): boolean;
  /** Both halves are over, or one side has reset it. */
  isClosed(): boolean;
}

export function makeStream(
  connection: number,
  stream: number,
  methods: Methods,
  opening: Opening,
): LiveStream {
  const described = () => methods.find(headerValue(request.wire.headers, ':path') ?? '');
  const request = makeHalf('client', () => described()?.request, methods.details);
  const response = makeHalf('server', () => described()?.response, methods.details);
  const halves = { client: request, server: response };
  /** Numbers of the HEADERS whose blocks have not ended. */
  const openers = { client: 0, server: 0 };
  const frames: WireFrame[] = [];
  const resets: WireReset[] = [];
  const problems: WireProblem[] = [];
  const wire: Draft<WireStream> = {
    connection,
    stream,
    frames,
    omitted: opening.omitted,
    request: request.wire,
    response: response.wire,
    resets,
    problems,
  };
  let isReset = false;

  /** Takes it down and returns its number. */
  function add(passed: Passed): number {
    const number = frames.length + wire.omitted;
    if (isKept(frames.length, passed)) frames.push({ number, ...passed });
    else wire.omitted++;
    return number;
  }

  function blame(from: Role, offset: number, fault: Fault, where: Where): void {
    if (problems.length === maxProblems) return;
    const next = frames.length + wire.omitted;
    if (where === 'elsewhere') problems.push({ from, offset, ...fault });
    else problems.push({ from, offset, ...fault, frame: where === 'next' ? next : next - 1 });
  }

  function block(from: Role, { opener, headers }: HeaderBlock, number: number): Fault | undefined {
    const isLast = opener.flags & frameFlag.END_STREAM;
    return halves[from].block(headers, number, isLast ? openers[from] : undefined);
  }

  function data(from: Role, frame: Frame, number: number): Fault | undefined {
    try {
      const { bytes, length } = dataOf(frame);
      const wrong = halves[from].data(bytes, length, number);
      if (frame.flags & frameFlag.END_STREAM) halves[from].end(number);
      return wrong;
    } catch (error) {
      return { wanted: (error as Error).message, got: frame.payload.toString('hex', 0, 9) };
    }
  }

  function reset(from: Role, frame: Frame, number: number): void {
    const code = errorName(frame.payload.readUInt32BE());
    if (resets.length < maxResets) resets.push({ from, code, frame: number });
    halves[from].reset();
    isReset = true;
  }

  function read(from: Role, frame: Frame, number: number, ended: HeaderBlock | undefined): Fault | undefined {
    if (frame.type === frameType.HEADERS) openers[from] = number;
    if (frame.type === frameType.PUSH_PROMISE) return fault('push', 'PUSH_PROMISE');
    if (frame.type === frameType.DATA) return data(from, frame, number);
    if (frame.type === frameType.RST_STREAM) reset(from, frame, number);
    return ended && ended.opener.type === frameType.HEADERS ? block(from, ended, number) : undefined;
  }

  for (const passed of opening.frames) add(passed);

  return {
    wire,
    blame,
    share: add,
    hasRequest: () => request.wire.headersFrame !== undefined,
    isClosed: () => isReset || (request.isOver() && response.isOver()),
    take(frame, passed, ended) {
      const wrong = read(passed.from, frame, add(passed), ended);
      if (wrong) blame(passed.from, frame.offset, wrong, 'last');
    },
  };
}
