/** One call's conversation, as a person would draw it. */

import { sentBy } from '../model/call.ts';
import type { CellResult } from '../model/event.ts';
import { type CallEvidence, clientRecord, wireOf, wiresOf } from '../model/evidence.ts';
import { type Blame, type FrameAt, type Outcome, proofOf } from '../model/outcome.ts';
import type { Role } from '../model/peer.ts';
import { codeName } from '../model/status.ts';
import type { WireEvidence, WireFrame, WireStream } from '../model/wire.ts';
import { messagesText } from '../witness/say.ts';
import { contentLines, frameText, handshakeLines, problemText, troubleText } from './frame.ts';
import type { Style } from './style.ts';
import { count, printable } from './text.ts';

/** The whole cell: each call that was kept, frame by frame; the frame that proves the verdict is marked. */
export function conversationText(result: CellResult, style: Style): string {
  const { client, server, scenario, outcome, evidence } = result;
  const { calls, omitted } = evidence;
  const title = style('bold', `${client} client → ${server} server   ${scenario}`);
  return [
    `${title}   ${outcome.kind}`,
    ...calls.toSorted((a, b) => a.index - b.index).flatMap((call) => callLines(call, outcome, style)),
    ...(calls.length === 0 ? ['  no call was made'] : []),
    ...(omitted > 0 ? [`  … and ${count(omitted, 'more call')}`] : []),
    ...(outcome.kind === 'failed' ? [`  blame: ${accusation(outcome.blame, result)}`] : []),
    '',
  ].join('\n');
}

/** `the alpha server: it sent …`. */
export function accusation({ side, because }: Blame, cell: Pick<CellResult, Role>): string {
  return `${side === 'undetermined' ? side : `the ${cell[side]} ${side}`}: ${printable(because)}`;
}

/** The frame that proves whose fault it is, in one line; undefined when none was kept. */
export function proofText({ outcome, evidence }: CellResult): string | undefined {
  const proof = proofOf(outcome);
  const call = evidence.calls.find(({ index }) => index === proof?.call);
  const stream = call && wireOf(call)?.streams[proof?.stream ?? -1];
  const frame = stream?.frames.find(({ number }) => number === proof?.frame);
  if (!stream || !frame) return undefined;
  const content = contentLines(frame, stream);
  const telling = content.find((line) => /^(?:grpc-status|message of)/.test(line)) ?? content[0];
  return `${arrow(frame)}  ${frameText(frame)}${telling ? `: ${printable(telling)}` : ''}`;
}

function callLines(call: CallEvidence, outcome: Outcome, style: Style): readonly string[] {
  const { method, steps } = call.call;
  const record = clientRecord(call);
  const said = record ? (record.ending?.how ?? codeName(record.code)) : 'nothing';
  const sent = messagesText(sentBy(steps));
  const wires = wiresOf(call);
  const proof = proofOf(outcome);
  return [
    `  call ${call.index + 1}: ${printable(method)} ${printable(sent)}; the client says ${said}`,
    ...(wires.length === 0 ? ['    nobody read along'] : []),
    ...wires.flatMap((wire, index) => [
      ...(wires.length > 1 ? [style('dim', `    wire ${index + 1} of ${wires.length}`)] : []),
      ...wireLines(wire, index === 0 && proof?.call === call.index ? proof : undefined, style),
    ]),
  ];
}

/** What crossed of one call, frame by frame. */
export function wireText(wire: WireEvidence, style: Style): string {
  return wireLines(wire, undefined, style).join('\n');
}

function wireLines(
  { streams, troubles, handshakes = [] }: WireEvidence,
  proof: FrameAt | undefined,
  style: Style,
): readonly string[] {
  return [
    ...handshakes.flatMap((each) => handshakeLines(each).map((line) => `    ${printable(line)}`)),
    ...streams.flatMap((stream, index) =>
      streamLines(stream, proof?.stream === index ? proof.frame : undefined, style),
    ),
    ...(streams.length === 0 ? ['    the call never crossed the wire'] : []),
    ...troubles.map((trouble) => `    ${printable(troubleText(trouble))}`),
  ];
}

function streamLines(stream: WireStream, marked: number | undefined, style: Style): readonly string[] {
  const startMs = stream.frames[0]?.atMs ?? 0;
  return [
    style('dim', `    connection ${stream.connection}, stream ${stream.stream}`),
    style('dim', `          ms  client    server`),
    ...stream.frames.flatMap((frame) => {
      const isProof = frame.number === marked;
      const at = (frame.atMs - startMs).toFixed(2).padStart(9);
      const line = `  ${isProof ? '▸' : ' '}${at}  ${arrow(frame)}  ${frameText(frame)}`;
      const content = contentLines(frame, stream).map((text) => `${' '.repeat(26)}${printable(text)}`);
      return [isProof ? style('red', line) : line, ...content];
    }),
    ...(stream.omitted > 0 ? [`               … and ${count(stream.omitted, 'more frame')}`] : []),
    ...stream.problems.map((problem) => `    ${printable(problemText(problem))}`),
  ];
}

function arrow({ from }: WireFrame): string {
  return from === 'client' ? '───────▶  ' : '  ◀───────';
}
