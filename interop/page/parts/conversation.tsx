import { type CallEvidence, wiresOf } from '../../model/evidence.ts';
import { type FrameAt, type Outcome, proofOf } from '../../model/outcome.ts';
import type { WireEvidence, WireFrame, WireHandshake, WireStream } from '../../model/wire.ts';
import { contentLines, frameText, handshakeLines, problemText, troubleText } from '../../report/frame.ts';
import { count } from '../../report/text.ts';
import { hasLadder, ladderOf } from '../ladder.ts';
import { Ladder } from './ladder.tsx';
import { Scroller } from './scroller.tsx';
import { Verbatim } from './verbatim.tsx';

/** What crossed of one call on each wire along its path, frame by frame; the frame that proves the verdict is marked. */
export function Conversation({ call, outcome }: { call: CallEvidence; outcome: Outcome }) {
  const wires = wiresOf(call);
  if (wires.length === 0) return <p class="quiet">Nobody read along.</p>;
  const proof = proofOf(outcome);
  return (
    <>
      {wires.map((wire, index) => (
        <Wire
          key={index}
          name={wires.length > 1 ? `wire ${index + 1}, ` : ''}
          wire={wire}
          proof={index === 0 && proof?.call === call.index ? proof : undefined}
        />
      ))}
    </>
  );
}

interface WireProps {
  readonly name: string;
  readonly wire: WireEvidence;
  readonly proof: FrameAt | undefined;
}

function Wire({ name, wire: { streams, troubles, handshakes = [] }, proof }: WireProps) {
  return (
    <>
      {handshakes.map((handshake) => (
        <Handshake key={handshake.connection} handshake={handshake} />
      ))}
      {streams.map((stream, index) => (
        <Stream
          key={`${stream.connection}/${stream.stream}`}
          name={`${name}connection ${stream.connection}, stream ${stream.stream}`}
          stream={stream}
          proof={proof?.stream === index ? proof.frame : undefined}
        />
      ))}
      {streams.length === 0 && <p>The call never crossed the wire.</p>}
      {troubles.map((trouble) => (
        <p key={troubleText(trouble)}>
          <Verbatim text={troubleText(trouble)} />
        </p>
      ))}
    </>
  );
}

/** How a connection was encrypted, or not, in words. */
function Handshake({ handshake }: { handshake: WireHandshake }) {
  const [title = '', ...lines] = handshakeLines(handshake);
  return (
    <figure class="handshake">
      <figcaption>{title}</figcaption>
      <ul>
        {lines.map((line) => (
          <li key={line}>
            <Verbatim text={line} />
          </li>
        ))}
      </ul>
    </figure>
  );
}

interface StreamProps {
  readonly name: string;
  readonly stream: WireStream;
  readonly proof: number | undefined;
}

/** Of several messages their ladder, and the frames for who asks; or when only they show the proof. */
function Stream({ name, stream, proof }: StreamProps) {
  const frames = <Frames name={name} stream={stream} proof={proof} />;
  if (!hasLadder(stream)) return frames;
  const isOnLadder = proof === undefined || ladderOf(stream).some(({ frame }) => frame === proof);
  return (
    <>
      <Ladder name={name} stream={stream} proof={proof} />
      <details class="frames" open={!isOnLadder}>
        <summary>{count(stream.frames.length, 'frame')} of it, each with its bytes</summary>
        {frames}
      </details>
    </>
  );
}

function Frames({ name, stream, proof }: StreamProps) {
  return (
    <Scroller label={`the conversation on the wire, ${name}`}>
      <table class="conversation">
        <caption>On the wire: {name}; milliseconds since the cell began</caption>
        <thead>
          <tr>
            <th scope="col">ms</th>
            <th scope="col" class="ends">
              client ⇄ server
            </th>
            <th scope="col">frame</th>
            <th scope="col">what it says</th>
          </tr>
        </thead>
        <tbody>
          {stream.frames.map((frame) => (
            <Frame key={frame.number} frame={frame} stream={stream} isProof={frame.number === proof} />
          ))}
        </tbody>
      </table>
      {stream.omitted > 0 && <p class="quiet">… and {count(stream.omitted, 'more frame')}</p>}
      {stream.problems.map((problem) => (
        <p key={problem.offset} class="wrong">
          <Verbatim text={problemText(problem)} />
        </p>
      ))}
    </Scroller>
  );
}

function Frame({ frame, stream, isProof }: { frame: WireFrame; stream: WireStream; isProof: boolean }) {
  return (
    <tr class={`from-${frame.from} ${isProof ? 'proof' : ''}`}>
      <td class="time">{frame.atMs.toFixed(2)}</td>
      <td class="arrow">
        <span aria-hidden="true" />
        <span class="unseen">from the {frame.from}</span>
      </td>
      <td class="frame">
        {isProof && <b class="flag">proof</b>} <Verbatim text={frameText(frame)} />
      </td>
      <td class="content">
        {contentLines(frame, stream).map((line, index) => (
          <Verbatim key={index} text={line} />
        ))}
      </td>
    </tr>
  );
}
