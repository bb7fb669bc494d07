/** A call of several messages as a ladder: a rung for each thing that a side says, in the order in which they passed. */
import type { Json } from '../model/message.ts';
import type { Role } from '../model/peer.ts';
import { codeName } from '../model/status.ts';
import type { WireHalf, WireStream } from '../model/wire.ts';
import { messageCount, percentDecoded, valuesOf } from '../witness/crossed.ts';
import { jsonText, quote } from '../witness/say.ts';

export interface Rung {
  readonly from: Role;
  /** Number of its frame. */
  readonly frame: number;
  /** As that of the frame; absent: the frame was left out of the log. */
  readonly atMs?: number;
  readonly text: string;
  /** Of a message: its content. */
  readonly json?: Json;
}

/** One message each way is told by its frames as shortly. */
export function hasLadder({ request, response }: WireStream): boolean {
  return messageCount(request) > 1 || messageCount(response) > 1;
}

/** Rungs, the first one first. Messages that were not kept have none. */
export function ladderOf(stream: WireStream): readonly Rung[] {
  const times = new Map(stream.frames.map(({ number, atMs }) => [number, atMs]));
  const resets = stream.resets.map(({ from, code, frame }) => ({ from, frame, text: `RST_STREAM ${code}` }));
  return [...halfOf('client', stream.request), ...halfOf('server', stream.response), ...resets]
    .toSorted((a, b) => a.frame - b.frame)
    .map((rung) => {
      const atMs = times.get(rung.frame);
      return { ...rung, ...(atMs !== undefined && { atMs }) };
    });
}

function halfOf(from: Role, half: WireHalf): readonly Rung[] {
  const { headersFrame, messages, trailersFrame, endFrame } = half;
  const [path] = valuesOf(half.headers, ':path');
  const isOneBlock = headersFrame === trailersFrame;
  const status = statusText(half);
  return [
    ...(headersFrame === undefined || isOneBlock
      ? []
      : [{ from, frame: headersFrame, text: path ?? 'headers' }]),
    ...messages.map(({ frame, json, problem = 'not read' }, index): Rung => {
      const text = `${index + 1}: ${json === undefined ? problem : jsonText(json, quote)}`;
      return { from, frame, text, ...(json !== undefined && { json }) };
    }),
    ...(trailersFrame === undefined ? [] : [{ from, frame: trailersFrame, text: status }]),
    ...(endFrame === undefined || endFrame === trailersFrame
      ? []
      : [{ from, frame: endFrame, text: 'the end: no more messages' }]),
  ];
}

function statusText({ trailers }: WireHalf): string {
  const [code] = valuesOf(trailers, 'grpc-status');
  const [message = ''] = valuesOf(trailers, 'grpc-message');
  if (code === undefined) return 'trailers without a status';
  return [codeName(Number(code)), message && quote(percentDecoded(message))].filter(Boolean).join(' ');
}
