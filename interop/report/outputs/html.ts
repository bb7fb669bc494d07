/** The results page: one file, with the log in it. */
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { cellId } from '../../model/cell.ts';
import type { RunEvent } from '../../model/event.ts';
import type { Baseline } from '../../outcome/baseline.ts';
import { makeAllowance, type PageEvent, split, templates } from '../page-data.ts';
import type { Reporter } from '../reporter.ts';
import { escaped } from '../xml.ts';

/** The page's program; see bundle.ts. */
interface Shell {
  readonly before: string;
  readonly after: string;
}

/** What the page shows of a run to compare with. */
type Shown = Pick<Baseline, 'name' | 'events'>;

interface Kept {
  readonly event: PageEvent;
  /** A DetailLine, as JSON. */
  readonly detail?: string;
}

/** In the page's place until the run has ended; and for good, when it is killed. */
const unfinished = `<!doctype html><meta charset="utf-8"><title>Stitch</title>
<p>The run is going on, or it was killed before it could write its page. Its log, run.jsonl, has what came of it:</p>
<pre>npm run interop -- report FOLDER/run.jsonl --html report.html</pre>
`;

/** Characters of a chunk before it is packed: large enough to pack well, small enough to be opened at once. */
const chunkCharacters = 1 << 20;

const pack = promisify(gzip);

/**
 * One HTML document, which takes the place of what `write` was given before, after
 * the last event; until then, one that says so. Details of cells go into chunks, alike beside alike.
 */
export function htmlReporter(
  write: (text: string) => void,
  shell: () => Promise<Shell>,
  baseline?: Shown,
): Reporter {
  const kept: Kept[] = [];
  const keep = makeKeeper();
  return {
    name: 'html',
    on(event) {
      if (event.type === 'run-started') write(unfinished);
      // What began has ended, or never will.
      if (event.type !== 'cell-started') kept.push(keep(event));
    },
    async end() {
      const { before, after } = await shell();
      write([before, ...(await dataOf(kept, baseline)), after].join('\n'));
    },
  };
}

function makeKeeper(): (event: RunEvent) => Kept {
  const isKept = makeAllowance();
  return (event) => {
    if (event.type !== 'cell-finished') return { event };
    const { result, detail } = split(event.result);
    const text = JSON.stringify(detail);
    const slim = { type: event.type, result };
    if (!isKept(result.outcome.kind, text.length)) return { event: slim };
    return { event: slim, detail: `[${JSON.stringify(cellId(result))},${result.round},${text}]` };
  };
}

/** The templates that hold the log, its details and the baseline. */
async function dataOf(kept: readonly Kept[], baseline?: Shown): Promise<readonly string[]> {
  const { chunks, chunkOf } = intoChunks(kept);
  const lines = kept.map((each) => {
    const chunk = chunkOf.get(each);
    return JSON.stringify(chunk === undefined ? each.event : { ...each.event, chunk });
  });
  return Promise.all([
    template(`id="${templates.log}"`, lines),
    ...baselineTemplates(baseline),
    ...chunks.map((chunk) => template(`class="${templates.detail}"`, chunk)),
  ]);
}

function baselineTemplates(baseline: Shown | undefined): readonly Promise<string>[] {
  if (!baseline) return [];
  const lines = baseline.events.flatMap((event) =>
    event.type === 'cell-started' ? [] : [JSON.stringify(makeKeeper()(event).event)],
  );
  return [template(`id="${templates.baseline}" title="${escaped(baseline.name)}"`, lines)];
}

/** The page of a run that goes on: its events come later. */
export async function livePage({ before, after }: Shell, baseline?: Shown): Promise<string> {
  const data = await Promise.all(baselineTemplates(baseline));
  return [before, `<template id="${templates.live}"></template>`, ...data, after].join('\n');
}

/** By scenario, for its cells say nearly the same, and gzip sees 32 KiB back. */
function intoChunks(kept: readonly Kept[]) {
  const chunks: string[][] = [];
  const chunkOf = new Map<Kept, number>();
  let characters = Infinity;
  const detailed = kept.filter((each) => each.detail !== undefined);
  for (const each of detailed.toSorted((a, b) => compare(scenarioOf(a), scenarioOf(b)))) {
    const { detail = '' } = each;
    if (characters + detail.length > chunkCharacters) {
      chunks.push([]);
      characters = 0;
    }
    characters += detail.length;
    chunks.at(-1)?.push(detail);
    chunkOf.set(each, chunks.length - 1);
  }
  return { chunks, chunkOf };
}

function scenarioOf({ event }: Kept): string {
  return event.type === 'cell-finished' ? event.result.scenario : '';
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

async function template(attribute: string, lines: readonly string[]): Promise<string> {
  const packed = await pack(lines.join('\n'), { level: 9 });
  return `<template ${attribute}>${packed.toString('base64')}</template>`;
}
