import { signal } from '@preact/signals';
import { type View, views } from '../address.ts';
import { fileRun } from '../feed/file.ts';
import { address, baseline, feed, go, query, shown, trouble } from '../state.ts';

export const queryBoxId = 'query';

const viewNames: Readonly<Record<View, string>> = {
  matrix: 'Matrix',
  scenarios: 'Scenarios × pairings',
  latency: 'Latency',
  'start-up': 'Start-up',
};

/** Which view, which cells. */
export function Tools() {
  return (
    <section class="tools" aria-label="what is shown">
      <nav aria-label="views of the run">
        {views.map((view) => (
          <button
            key={view}
            type="button"
            aria-current={address.value.view === view ? 'page' : undefined}
            onClick={() => go({ view })}
          >
            {viewNames[view]}
          </button>
        ))}
      </nav>
      <QueryBox />
      {baseline.value && (
        <label class="switch">
          <input
            type="checkbox"
            checked={address.value.isChangedOnly}
            onChange={(event) => go({ isChangedOnly: event.currentTarget.checked })}
          />{' '}
          changed since only
        </label>
      )}
    </section>
  );
}

function QueryBox() {
  const { problem } = query.value;
  return (
    <search class="query">
      <label for={queryBoxId}>Query</label>
      <input
        id={queryBoxId}
        type="search"
        spellcheck={false}
        autocomplete="off"
        placeholder="client:NAME server:NAME scenario:deadline is:broken"
        value={address.value.query}
        aria-invalid={problem !== undefined}
        aria-describedby="query-problem"
        onInput={(event) => go({ query: event.currentTarget.value }, false)}
      />
      <output id="query-problem" class="problem">
        {problem ?? ''}
      </output>
    </search>
  );
}

const chosen = signal<File | undefined>(undefined);

/** Another log, from a button or dropped on the page: to look at, or to compare with. */
export function OpenLog() {
  return (
    <>
      <label class="open">
        Open another log …
        <input
          type="file"
          accept=".jsonl,.html"
          class="unseen"
          onChange={({ currentTarget }) => {
            choose(currentTarget.files?.[0]);
            // The same file once more is a choice, too.
            currentTarget.value = '';
          }}
        />
      </label>
      {chosen.value && (
        <dialog
          ref={(dialog) => {
            if (dialog && !dialog.open) dialog.showModal();
          }}
          aria-labelledby="chosen"
          onClose={() => choose(undefined)}
        >
          <h2 id="chosen">{chosen.value.name}</h2>
          <form method="dialog" class="choices">
            <button type="submit" onClick={() => void open('shown')}>
              Look at it
            </button>
            <button type="submit" disabled={!shown.value} onClick={() => void open('baseline')}>
              Compare this run with it
            </button>
            <button type="submit">Cancel</button>
          </form>
        </dialog>
      )}
    </>
  );
}

function choose(file: File | undefined): void {
  chosen.value = file;
}

async function open(as: 'shown' | 'baseline'): Promise<void> {
  const file = chosen.value;
  if (!file) return;
  try {
    const run = await fileRun(file);
    trouble.value = '';
    if (as === 'baseline') {
      baseline.value = { run, name: file.name };
      go({ isChangedOnly: true });
      return;
    }
    feed.value = 'file';
    baseline.value = undefined;
    shown.value = { run };
    go({ at: '', round: 0, isChangedOnly: false });
  } catch (error) {
    trouble.value = (error as Error).message;
  }
}

/** The whole page takes a log that is dropped on it. */
export function takeDroppedLogs(): void {
  addEventListener('dragover', (event) => event.preventDefault());
  addEventListener('drop', (event) => {
    event.preventDefault();
    choose(event.dataTransfer?.files[0]);
  });
}
