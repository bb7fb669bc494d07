import type { RunEvent } from '../../model/event.ts';
import type { Run } from '../run.ts';
import { startWholeRun } from './whole.ts';

export interface LiveEvents {
  /** More is known of the run; `run` is another one when it began anew. */
  changed(run: Run): void;
  /** `lost`: the harness does not answer, and is asked again. `ended`: all has come. */
  state(state: 'connected' | 'lost' | 'ended'): void;
}

/** Follows a run that is going on. The browser reconnects by itself, and goes on behind the last line that it got. */
export function followRun(url: string, on: LiveEvents): void {
  const source = new EventSource(url);
  let run = startWholeRun();
  source.onopen = () => on.state('connected');
  source.onerror = () => on.state('lost');
  source.onmessage = ({ data }) => {
    run.add(JSON.parse(data) as RunEvent);
    on.changed(run.run);
  };
  source.addEventListener('reset', () => {
    run = startWholeRun();
    on.changed(run.run);
  });
  source.addEventListener('end', () => {
    source.close();
    on.state('ended');
  });
}
