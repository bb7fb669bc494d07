import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { buildPage } from '../cli/page-bundle.ts';
import type { Events } from '../fixtures/runs.ts';
import type { RunEvent } from '../model/event.ts';
import type { Baseline } from '../outcome/baseline.ts';
import { htmlReporter } from '../report/outputs/html.ts';

/** The results page of a run, as it is written to a file. */
export async function pageText(events: Iterable<RunEvent>, baseline?: Baseline): Promise<string> {
  let text = '';
  const reporter = htmlReporter(
    // Each takes the place of the one before.
    (document) => {
      text = document;
    },
    buildPage,
    baseline,
  );
  for (const event of events) await reporter.on(event);
  await reporter.end?.();
  return text;
}

/** A folder for pages, which is gone when it is disposed. */
export interface PageFolder extends Disposable {
  readonly folder: string;
  /** Writes a page, and gives its address. */
  put(text: string): string;
  /** The address of the page of these events; written once. */
  pageOf(events: Events, baseline?: Baseline): Promise<string>;
}

export function aPageFolder(): PageFolder {
  const folder = mkdtempSync(path.join(tmpdir(), 'stitch-browser-'));
  const known = new Map<Events, Map<Baseline | undefined, Promise<string>>>();
  let count = 0;

  function put(text: string): string {
    const file = path.join(folder, `${++count}.html`);
    writeFileSync(file, text);
    return pathToFileURL(file).href;
  }

  return {
    folder,
    put,
    pageOf(events, baseline) {
      const pages = known.get(events) ?? new Map<Baseline | undefined, Promise<string>>();
      const page = pages.get(baseline) ?? pageText(events, baseline).then(put);
      known.set(events, pages.set(baseline, page));
      return page;
    },
    [Symbol.dispose]: () => rmSync(folder, { recursive: true }),
  };
}
