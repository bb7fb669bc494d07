import type { BrowserContext, Page } from 'playwright-core';

/** Where a page may go: files, this machine, and what it made itself. */
const allowed = /^(?:file:\/\/\/|http:\/\/127\.0\.0\.1:\d+\/|data:|blob:)/;

/** What a page did that it should not, as sentences: requests to others, errors, violations of its policy, dialogs. */
export interface Watched {
  readonly complaints: readonly string[];
}

/** Watches every page of a context. `expected`: console errors that belong to the test. */
export async function watch(context: BrowserContext, expected?: RegExp): Promise<Watched> {
  const complaints: string[] = [];
  context.on('request', (request) => {
    if (!allowed.test(request.url())) complaints.push(`it asked for ${request.url().slice(0, 200)}`);
  });
  context.on('console', (message) => {
    if (message.type() !== 'error' || expected?.test(message.text())) return;
    complaints.push(`console: ${message.text()}`);
  });
  context.on('weberror', (error) => void complaints.push(`not caught: ${error.error().message}`));
  context.on('page', (page) => watchDialogs(page, complaints));
  await context.exposeFunction('violated', (what: string) => complaints.push(`against its policy: ${what}`));
  await context.addInitScript(() => {
    addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) => {
      (window as unknown as { violated(what: string): void }).violated(`${violatedDirective} ${blockedURI}`);
    });
  });
  return { complaints };
}

function watchDialogs(page: Page, complaints: string[]): void {
  page.on('dialog', (dialog) => {
    complaints.push(`a dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
}
