import type { BrowserContext } from 'playwright-core';

/** One font for all machines, and nothing that moves. */
const style = `
  * { font-family: 'DejaVu Sans' !important; }
  :not(.cut) { animation: none !important; transition: none !important; caret-color: transparent !important; }
  code, code *, kbd, .verbatim, .conversation *, .time, .query input { font-family: 'DejaVu Sans Mono' !important; }
`;

/**
 * Pictures of a page look alike on all machines. The style is made by a script of the
 * driver's own, which the page's policy has no say in, and which leaves the document as it is.
 */
export async function fixLooks(context: BrowserContext): Promise<void> {
  await context.addInitScript((text) => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(text);
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
  }, style);
}
