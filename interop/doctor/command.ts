import { styleText } from 'node:util';
import { interruptSignal } from '../cli/interrupt.ts';
import type { Options } from '../cli/options.ts';
import { UsageError } from '../errors.ts';
import type { LauncherWord } from '../launch/word.ts';
import type { Style } from '../report/style.ts';
import type { Result } from './check.ts';
import { machineChecks } from './checks/machine.ts';
import { examine } from './examine.ts';
import type { Checks } from './peer.ts';
import { documentOf, isHealthy, resultText, verdictText } from './print.ts';

/** Checks at a time: much of what they do is waiting. */
const atOnce = 3;

/** `doctor [PEER]`: the contract against one peer, stage by stage; without a name, the machine. */
export async function doctorCommand({
  words,
  launcher,
  json,
  peers,
  servers,
  contracts,
}: Options): Promise<number> {
  const [name, ...others] = words;
  if (others.length > 0) throw new UsageError(`doctor: wanted one peer or none, got ${words.join(' ')}`);
  if (peers.length + servers.length + contracts.length > 0)
    throw new UsageError(
      'doctor: --peer, --server and --contract are for a run\n  hint: npm run interop -- doctor ../mine/peer.json, or doctor go@1.60.0',
    );
  const signal = interruptSignal((sentence) => process.stderr.write(`${sentence}\n`));
  await using list = name === undefined ? await machineChecks() : await peerChecks(name, launcher);
  const results = await examine(list.checks, signal, json ? () => {} : printer(), atOnce);
  const planned = list.checks.length;
  if (json) print(JSON.stringify(documentOf(name ?? 'machine', results, planned), null, 2));
  else print(style(isHealthy(results, planned) ? 'green' : 'red', verdictText(results, planned)));
  return isHealthy(results, planned) ? 0 : 1;
}

/** Reads the contracts, which the machine can be looked at without. */
async function peerChecks(name: string, launcher: LauncherWord): Promise<Checks> {
  const { checksOfNamed } = await import('./peer.ts');
  return checksOfNamed(name, launcher);
}

/** Prints each result, and above the first of a section its name. */
function printer(): (result: Result) => void {
  let section = '';
  return (result) => {
    if (result.check.section !== section) print(`\n${style('bold', result.check.section)}`);
    section = result.check.section;
    print(resultText(result, style));
  };
}

const style: Style = (format, text) => styleText(format, text, { stream: process.stdout });

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
