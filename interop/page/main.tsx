/** The results page: a log that lies in it, or a run that goes on. */
import { render } from 'preact';
import { templates } from '../report/page-data.ts';
import { embeddedRun } from './feed/embedded.ts';
import { followRun } from './feed/live.ts';
import { listenToKeys } from './keys.ts';
import { App } from './parts/app.tsx';
import { takeDroppedLogs } from './parts/tools.tsx';
import type { Run } from './run.ts';
import { baseline, feed, followAddress, shown, trouble } from './state.ts';

async function readPage(): Promise<void> {
  try {
    baseline.value = (await embeddedRun(document, templates.baseline))?.run;
    const found = await embeddedRun(document);
    if (found) shown.value = { run: found.run };
    else if (document.getElementById(templates.live)) followLive();
    else trouble.value = 'No run lies in this page: open the log of one.';
  } catch (error) {
    trouble.value = `The run in this page cannot be read: ${(error as Error).message}`;
  }
}

function followLive(): void {
  let isDrawn = true;
  let run: Run | undefined;
  function draw(): void {
    isDrawn = true;
    if (run?.matrix.started) shown.value = { run };
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
