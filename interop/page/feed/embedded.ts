import { type DetailLine, type PageEvent, templates } from '../../report/page-data.ts';
import { type RunFold, startRun } from '../run.ts';
import { unpack } from './packed.ts';

/** The run whose log lies in a page; undefined when it has none. */
export async function embeddedRun(page: Document, id: string = templates.log): Promise<RunFold | undefined> {
  const packed = templateText(page, `#${id}`)[0];
  if (packed === undefined) return undefined;
  const chunks = id === templates.log ? templateText(page, `.${templates.detail}`) : [];
  const opened = new Map<number, Promise<readonly DetailLine[]>>();

  function linesOf(chunk: number): Promise<readonly DetailLine[]> {
    const found =
      opened.get(chunk) ?? unpack(chunks[chunk] ?? '').then((text) => [...parsedLines<DetailLine>(text)]);
    opened.set(chunk, found);
    return found;
  }

  const fold = startRun(async (cell, round, chunk) => {
    const lines = await linesOf(chunk);
    return lines.find(([id, number]) => id === cell && number === round)?.[2];
  });
  for (const event of parsedLines<PageEvent>(await unpack(packed))) fold.add(event);
  return fold;
}

function templateText(page: Document, selector: string): readonly string[] {
  const found = page.querySelectorAll<HTMLTemplateElement>(`template${selector}`);
  return Array.from(found, (template) => template.content.textContent ?? '');
}

/** One at a time: a hundred thousand need not all be there at once. */
function* parsedLines<T>(text: string): Generator<T> {
  for (let start = 0; start < text.length; ) {
    const end = text.indexOf('\n', start);
    const line = text.slice(start, end === -1 ? undefined : end);
    if (line !== '') yield JSON.parse(line) as T;
    start = end === -1 ? text.length : end + 1;
  }
}
