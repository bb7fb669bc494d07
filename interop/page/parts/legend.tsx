import { standings } from '../../outcome/matrix.ts';
import { looks } from '../../report/standing.ts';
import { OpenLog } from './tools.tsx';

export const keysId = 'keys';

/** What each word means, which keys there are, and another log to look at. */
export function Foot() {
  return (
    <footer>
      <details class="legend">
        <summary>Legend: what the words mean</summary>
        <dl>
          {standings.map((standing) => (
            <div key={standing}>
              <dt>
                <span class={`mark ${standing}`}>{looks[standing].glyph}</span> {looks[standing].word}
              </dt>
              <dd>{looks[standing].meaning}</dd>
            </div>
          ))}
          <Term word="cell">One scenario with one client and one server.</Term>
          <Term word="pairing">One client with one server.</Term>
          <Term word="blame">
            The first departure along the way of a call: request, arrival, answer, arrival. It explains, and
            changes no colour.
          </Term>
        </dl>
      </details>
      <button type="button" onClick={showKeys}>
        Keys <kbd>?</kbd>
      </button>
      <OpenLog />
      <dialog id={keysId} aria-labelledby="keys-title">
        <h2 id="keys-title">Keys</h2>
        <dl class="keys">
          <Key keys="← ↑ → ↓">move in a table</Key>
          <Key keys="Enter">open what has the focus</Key>
          <Key keys="Esc">close what is opened: cell, then pairing</Key>
          <Key keys="/">go to the query</Key>
          <Key keys="f">failures only, and back</Key>
          <Key keys="n p">next and previous cell that is not as it should be</Key>
          <Key keys="?">this list</Key>
        </dl>
        <form method="dialog">
          <button type="submit">Close</button>
        </form>
      </dialog>
    </footer>
  );
}

function Term({ word, children }: { word: string; children: string }) {
  return (
    <div>
      <dt>{word}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Key({ keys, children }: { keys: string; children: string }) {
  return (
    <div>
      <dt>
        {keys.split(' ').map((key) => (
          <kbd key={key}>{key}</kbd>
        ))}
      </dt>
      <dd>{children}</dd>
    </div>
  );
}

export function showKeys(): void {
  const dialog = document.getElementById(keysId);
  if (dialog instanceof HTMLDialogElement && !dialog.open) dialog.showModal();
}
