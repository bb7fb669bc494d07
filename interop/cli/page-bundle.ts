/** The results page's program, put into one file: script, style and markup, without a run in it. */
import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { isPackage, packageFolder, workFolder } from '../folders.ts';
import { digestOf } from '../launch/digest.ts';

const source = path.join(packageFolder, 'interop', 'page');
const bundler = path.join(packageFolder, 'interop', 'cli', 'page-script.ts');

/** The page's markup: between the two goes what it shows. */
export interface PageShell {
  readonly before: string;
  readonly after: string;
}

/** Builds the page, unless its sources are as they were; a package brings it. Rejects with what the bundler says. */
export async function buildPage(): Promise<PageShell> {
  if (isPackage)
    return JSON.parse(await readFile(path.join(packageFolder, 'page.json'), 'utf8')) as PageShell;
  const digest = await digestOf(
    [path.join(packageFolder, 'interop')],
    ['out', 'fixtures', 'saboteurs', 'fuzz', 'browser', 'bench'],
  );
  const file = path.join(workFolder, 'page', `${digest.slice(0, 16)}.json`);
  const kept = await readFile(file, 'utf8').catch(() => undefined);
  if (kept !== undefined) return JSON.parse(kept) as PageShell;
  const shell = await bundle();
  await mkdir(path.dirname(file), { recursive: true });
  // Two runs at once may both build: whoever is last puts the same bytes in its place.
  await writeFile(`${file}.${process.pid}`, JSON.stringify(shell));
  await rename(`${file}.${process.pid}`, file);
  return shell;
}

async function bundle(): Promise<PageShell> {
  const script = inScript(await scriptText());
  const [style, markup] = await Promise.all(
    ['page.css', 'page.html'].map((name) => readFile(path.join(source, name), 'utf8')),
  );
  const filled = (markup ?? '')
    .replaceAll('{{script-hash}}', hashOf(script))
    .replaceAll('{{style-hash}}', hashOf(style ?? ''))
    .replace('{{style}}', () => style ?? '')
    .replace('{{script}}', () => script);
  const [before = '', after = ''] = filled.split('{{data}}');
  return { before, after };
}

/** In a group of processes of its own, which a Ctrl-C does not reach. */
async function scriptText(): Promise<string> {
  const { execa } = await import('execa');
  const { stdout } = await execa(process.execPath, [bundler], { detached: true, stripFinalNewline: false });
  return stdout;
}

/** "script content restrictions" (HTML, 4.12.1.3): what would end the element, or hide its end, is written otherwise. */
function inScript(code: string): string {
  return code.replaceAll(/<(?=\/script|script|!--)/gi, '\\x3C');
}

function hashOf(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}
