import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Events } from '../fixtures/runs.ts';
import { rootFolder } from '../folders.ts';
import type { RunEvent } from '../model/event.ts';

/** The log of a real run; its saboteur answers with another id than it says. */
export const recordedFile = path.join(rootFolder, 'interop', 'fixtures', 'recorded', 'saboteur.jsonl');

export const recorded: Events = readFileSync(recordedFile, 'utf8')
  .split('\n')
  .filter(Boolean)
  .map((line) => JSON.parse(line) as RunEvent);

/** The peer that lies. */
export const saboteur = 'sends-another-id';

/** The first client that calls it. */
export const caller =
  recorded
    .flatMap((event) => (event.type === 'run-started' ? event.cells : []))
    .find(({ client, server }) => client !== server && server === saboteur)?.client ?? '';
