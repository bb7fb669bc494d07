import { accessSync, constants } from 'node:fs';
import path from 'node:path';
import { type Browser, chromium } from 'playwright-core';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/** Why there are no tests in a browser here. */
export const noChromium =
  'no Chromium: wanted chromium, chromium-browser or google-chrome on the PATH, or its file in CHROMIUM';

/** The browser's program: what CHROMIUM names, or the first that is found. */
export function findChromium(): string | undefined {
  const { CHROMIUM: named, PATH = '' } = process.env;
  const found = names.flatMap((name) =>
    [...PATH.split(path.delimiter), '/usr/bin'].map((folder) => path.join(folder, name)),
  );
  return (named ? [named] : found).find(isProgram);
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** It can reach this machine and files, and nobody else. Rejects where there is none. */
export async function launchChromium(): Promise<Browser> {
  const executablePath = findChromium();
  if (executablePath === undefined) throw new Error(noChromium);
  return chromium.launch({
    executablePath,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1',
      // The same pixels of the same text, whatever the machine prefers.
      '--font-render-hinting=none',
      '--disable-lcd-text',
    ],
  });
}
