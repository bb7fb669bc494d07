/**
 * A run of the peers that are there with a saboteur among them, for pictures and tests of
 * what a person is shown: `node interop/saboteurs/record.ts FOLDER SABOTEUR [QUERY…]`.
 */
import path from 'node:path';
import { buildPage } from '../cli/page-bundle.ts';
import { UsageError } from '../errors.ts';
import { defaultLimits } from '../launch/launcher.ts';
import { processStarter } from '../launch/process.ts';
import { programLauncher } from '../launch/programs.ts';
import { findPeers } from '../peers/find.ts';
import { readLedger } from '../plan/ledger.ts';
import { makePlan } from '../plan/plan.ts';
import { parseQuery } from '../plan/query.ts';
import { openOutput } from '../report/file.ts';
import { htmlReporter } from '../report/outputs/html.ts';
import { logReporter } from '../report/outputs/log.ts';
import { run } from '../run/run.ts';
import { tapLauncher } from '../wire/launcher.ts';
import { saboteurs } from './catalogue/catalogue.ts';
import { saboteurPeer } from './peers.ts';
import { scenarios, types } from './scenarios.ts';

const [folder = '', name = '', ...words] = process.argv.slice(2);
const saboteur = saboteurs.find((each) => each.name === name);
if (!saboteur) throw new UsageError(`no saboteur is named ${name}`);
const query = parseQuery(words);
const peers = [...(await findPeers()), saboteurPeer(saboteur)];
const plan = makePlan(peers, scenarios, query, readLedger('no ledger', '[]'), '2000-01-01');
const log = logReporter(path.resolve(folder, 'run.jsonl'));
const page = htmlReporter(openOutput(path.resolve(folder, 'report.html')), buildPage);
await using launcher = tapLauncher(programLauncher(processStarter(), defaultLimits, types), types);
await run({
  plan,
  launcher,
  why: 'a recording',
  signal: new AbortController().signal,
  async emit(event) {
    await log.on(event);
    await page.on(event);
  },
});
await log.end?.();
await page.end?.();
