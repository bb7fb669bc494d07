/** The results page: a log that lies in it, or a run that goes on. */
import { render } from 'preact';
import { templates } from '../report/page-data.ts';
import { embeddedRun } from './feed/embedded.ts';
import { followRun } from './feed/live.ts';
import { listenToKeys } from './keys.ts';
import { App } from './parts/app.tsx';
import { takeDroppedLogs } from './parts/tools.tsx';
import type { Run } from './run.ts';
import { baseline, changes, feed, followAddress, go, shown, trouble } from './state.ts';

async function readPage(): Promise<void> {
  try {
    const before = await embeddedRun(document, templates.baseline);
    const found = await embeddedRun(document);
    if (before) baseline.value = { run: before.run, name: nameOfBaseline() };
    if (found) {
      shown.value = { run: found.run };
      openOnChanges();
    } else if (document.getElementById(templates.live)) followLive();
    else trouble.value = 'No run lies in this page: open the log of one.';
  } catch (error) {
    trouble.value = `The run in this page cannot be read: ${(error as Error).message}`;
  }
}

/** What the file was called that the run was compared with. */
function nameOfBaseline(): string {
  return document.getElementById(templates.baseline)?.title ?? '';
}

/** Who compares wants to know what changed; a link says by itself what it shows. */
function openOnChanges(): void {
  if (location.hash === '' && changes.value && changes.value.cells.length > 0)
    go({ isChangedOnly: true }, false);
}

function followLive(): void {
  let isDrawn = true;
  let run: Run | undefined;
  function draw(): void {
    isDrawn = true;
    // Another object, so that whatever shows the run is drawn anew: what is in it grew.
    if (run?.matrix.started) shown.value = { run: { ...run } };
  }
  followRun('events', {
    changed(latest) {
      run = latest;
      // Many events come at once, and one drawing shows them all. A hidden page gets no frames.
      if (isDrawn) document.hidden ? setTimeout(draw, 200) : requestAnimationFrame(draw);
      isDrawn = false;
    },
    state(state) {
      feed.value = state;
      if (state !== 'ended') return;
      draw();
      openOnChanges();
    },
  });
}

const root = document.getElementById('page');
if (root) {
  root.replaceChildren();
  followAddress();
  listenToKeys();
  takeDroppedLogs();
  render(<App />, root);
  void readPage();
}
