import { styleText } from 'node:util';
import { createLogUpdate } from 'log-update';
import type { RunEvent } from '../../model/event.ts';
import { type Baseline, startComparison } from '../../outcome/baseline.ts';
import { isHealthy, tally } from '../../outcome/matrix.ts';
import { startTimings } from '../../outcome/timings.ts';
import type { Query } from '../../plan/query.ts';
import { blameText } from '../blame.ts';
import { changesText } from '../changes.ts';
import { conversationText } from '../conversation.ts';
import { failuresText, knownText } from '../failure.ts';
import { headline } from '../headline.ts';
import type { Reporter } from '../reporter.ts';
import { spentText } from '../spent.ts';
import type { Style } from '../style.ts';
import { matrixTable } from '../table.ts';
import { duration, printable } from '../text.ts';
import { verdict } from '../verdict.ts';

export interface TerminalOptions {
  readonly stream: NodeJS.WriteStream;
  /** The matrix is drawn in place as cells finish; otherwise plain lines, each once. */
  readonly isLive: boolean;
  /** Cells whose conversation is drawn when they have finished; absent: none. */
  readonly draws?: Query['matches'];
  /** An earlier run: what is not as it was there is told. */
  readonly baseline?: Baseline;
}

const redrawMs = 100;
const tickMs = 1_000;
/** Without a live matrix: so often it is said that a build still goes on. */
const patienceMs = 10_000;

/** The output for a person. */
export function terminalReporter({ stream, isLive, draws, baseline }: TerminalOptions): Reporter {
  const fold = startComparison(baseline);
  const times = startTimings();
  const live = isLive ? createLogUpdate(stream, { showCursor: true }) : undefined;
  const style: Style = (format, text) => styleText(format, text, { stream });
  /** The peers that are being built, and since when. */
  const building = new Map<string, number>();
  let isUntapped = false;
  let drawnAt = 0;
  let saidAt = performance.now();
  // A build may take minutes, and has no events meanwhile.
  const ticker = setInterval(tick, tickMs).unref();

  function tick(): void {
    if (live) draw(true);
    else if (building.size > 0 && performance.now() - saidAt >= patienceMs) print(buildingText());
  }

  function buildingText(): string {
    const since = (from: number) => duration(performance.now() - from);
    return `building ${Array.from(building, ([peer, from]) => `${peer} (${since(from)})`).join(', ')} …`;
  }

  function print(text: string): void {
    live?.clear();
    stream.write(`${text}\n`);
    saidAt = performance.now();
    draw(true);
  }

  function draw(isForced = false): void {
    if (!live || !fold.matrix.started || (!isForced && performance.now() - drawnAt < redrawMs)) return;
    drawnAt = performance.now();
    const status = building.size > 0 ? buildingText() : 'running …';
    live(`${matrixTable(fold.matrix, style)}\n${style('dim', status)}`);
  }

  function on(event: RunEvent): void {
    fold.add(event);
    times.add(event);
    switch (event.type) {
      case 'run-started':
        print(headline(event));
        if (event.leftOut) print(event.leftOut);
        return;
      case 'peer-building':
        building.set(event.peer, performance.now());
        draw(true);
        return;
      case 'peer-built':
        building.delete(event.peer);
        if (event.problem) print(`${style('red', '✕')} ${printable(event.problem)}`);
        else if (event.cached) draw(true);
        else print(`${event.peer} ${style('green', '✓')} built ${duration(event.buildMs)}`);
        return;
      case 'cell-started':
        draw();
        return;
      case 'cell-finished':
        if (draws?.({ ...event.result, contract: fold.matrix.contracts.get(event.result.scenario) }))
          print(conversationText(event.result, style));
        else draw();
        return;
      case 'peer-started':
        if (event.untapped && !isUntapped) print(`nobody reads along: ${printable(event.untapped)}`);
        isUntapped ||= event.untapped !== undefined;
        return;
      case 'peer-stopped':
      case 'run-finished':
        return;
      default:
        event satisfies never;
    }
  }

  function end(): void {
    clearInterval(ticker);
    live?.clear();
    live?.done();
    const { matrix } = fold;
    const numbers = tally(matrix);
    const changes = fold.changes();
    const spent = spentText(matrix, times.timings);
    const parts = [
      matrixTable(matrix, style),
      failuresText(matrix, style),
      changes && changesText(changes, style),
      knownText(matrix, style),
      blameText(matrix, style),
      ...numbers.problems.map((problem) => `${style('red', '✕')} ${printable(problem)}`),
      spent && style('dim', spent),
      style(isHealthy(numbers) ? 'green' : 'red', verdict(matrix, changes)),
    ];
    stream.write(`${parts.filter(Boolean).join('\n')}\n`);
  }

  return { name: 'terminal', on, note: print, end };
}
