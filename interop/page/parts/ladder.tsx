import type { WireStream } from '../../model/wire.ts';
import { count } from '../../report/text.ts';
import { ladderOf, type Rung } from '../ladder.ts';
import { Verbatim } from './verbatim.tsx';

/** Of a long stream the beginning and the end. */
const shownFirst = 40;
const shownLast = 20;

interface LadderProps {
  readonly name: string;
  readonly stream: WireStream;
  /** The frame that proves the verdict. */
  readonly proof: number | undefined;
}

/** What a stream says in time: the client on the left, the server on the right. */
export function Ladder({ name, stream, proof }: LadderProps) {
  const rungs = ladderOf(stream);
  const hidden = rungs.slice(shownFirst, -shownLast).filter(({ frame }) => frame !== proof);
  const left = new Set(rungs.length > shownFirst + shownLast ? hidden : []);
  const omitted = (stream.request.omitted ?? 0) + (stream.response.omitted ?? 0);
  return (
    <figure class="ladder">
      <figcaption>Messages in time: {name}; milliseconds since the cell began</figcaption>
      <p class="ends" aria-hidden="true">
        <span>client</span>
        <span>server</span>
      </p>
      <ol>
        {rungs.map((rung, index) =>
          left.has(rung) ? null : <RungLine key={index} rung={rung} isProof={rung.frame === proof} />,
        )}
      </ol>
      {left.size > 0 && (
        <p class="quiet">… and {count(left.size, 'message')} between them: see the frames.</p>
      )}
      {omitted > 0 && <p class="quiet">… and {count(omitted, 'more message')} that the log did not keep</p>}
    </figure>
  );
}

function RungLine({ rung: { from, atMs, text, json }, isProof }: { rung: Rung; isProof: boolean }) {
  const short = <Verbatim text={text} />;
  return (
    <li class={`from-${from} ${isProof ? 'proof' : ''}`}>
      <span class="time">{atMs?.toFixed(2) ?? '…'}</span>
      <div class="lane">
        {isProof && <b class="flag">proof</b>} <span class="unseen">from the {from}: </span>
        {json === undefined ? (
          short
        ) : (
          <details>
            <summary>{short}</summary>
            <pre>
              <Verbatim text={JSON.stringify(json, undefined, 2)} />
            </pre>
          </details>
        )}
        <span class="line" aria-hidden="true" />
      </div>
    </li>
  );
}
