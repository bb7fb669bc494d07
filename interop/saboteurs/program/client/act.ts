/** What a client does in a call, step by step. */
import type { ClientHttp2Stream } from 'node:http2';
import { Code } from '../../../model/status.ts';
import type { Behaviour } from '../behaviour.ts';
import type { Frame } from '../grpc/frame.ts';
import type { Inbox } from '../grpc/inbox.ts';
import { isSingle } from '../grpc/kind.ts';
import { firstOf } from '../grpc/metadata.ts';
import { unpack } from '../grpc/pack.ts';
import { pause } from '../grpc/timer.ts';
import { write } from '../grpc/write.ts';
import type { Hearing } from './hearing.ts';
import type { Outgoing } from './outgoing.ts';

/** A call that has its stream. */
export interface Talk extends Outgoing {
  readonly stream: ClientHttp2Stream;
  readonly hearing: Hearing;
  readonly inbox: Inbox;
  readonly limitBytes: number;
  readonly behaviour: Behaviour;
}

/** Does the steps, and behind them what they leave unsaid. Rejects when a response cannot be taken. */
export async function act(talk: Talk): Promise<void> {
  const { stream, steps, hearing, behaviour } = talk;
  for (const step of steps) {
    if ('frame' in step) await send(talk, step.frame, step.times);
    else if ('close' in step) behaviour.halfCloses(stream);
    else if ('receive' in step) await receive(talk, step.receive);
    else if ('waitMs' in step) await pause(step.waitMs, hearing.over);
    else if (!hearing.over.aborted) return talk.giveUp(Code.CANCELLED, 'cancelled');
  }
  if (!hearing.over.aborted && !stream.writableEnded) behaviour.halfCloses(stream);
  await receive(talk, -1);
  // A server may have ended the call before it had all requests, and wants no more of them. They did not end,
  // or did not all cross.
  if (!stream.writableFinished) stream.destroy();
}

async function send(talk: Talk, frame: Frame, times: number): Promise<void> {
  const { stream, method, hearing, progress, behaviour } = talk;
  const isStream = !isSingle(method, 'request');
  for (let count = 0; count < times && !hearing.over.aborted; count++) {
    const bytes = behaviour.frames(frame, { index: progress.sent, isStream });
    if (!isStream) stream.end(bytes);
    else if (!(await write(stream, bytes, hearing.over))) return;
    progress.sent += 1;
  }
}

async function receive(talk: Talk, count: number): Promise<void> {
  const { inbox, hearing, limitBytes, method, progress, behaviour } = talk;
  for (let left = count; left !== 0; left--) {
    const frame = await inbox.next();
    if (!frame) return;
    const bytes = await unpack(frame, firstOf(hearing.headers, 'grpc-encoding'), limitBytes, behaviour);
    const message = behaviour.parses(method.response, bytes, 'wire');
    progress.responses.add(behaviour.serializes(method.response, message, 'line'));
  }
}
