/**
 * `npm run compose`: docker-compose.yml does what docs/compose.md says. The project has
 * another name: what a person has started is not taken down (but holds the ports).
 */
import { once } from 'node:events';
import { connect } from 'node:http2';
import { execa } from 'execa';
import { rootFolder } from '../folders.ts';
import { type CheckStep, runSteps } from './steps.ts';

const project = ['--project-name', 'stitch-check', '--file', 'docker-compose.yml', '--file', '-'];
const allPairs = '--profile pairs up --attach-dependencies --exit-code-from pairs pairs';
const row = 'Expirement:\n---Name:Stitch \n---ID:7 \n---Skill:making annoyed noise';

/** Runs `docker compose WORDS`, which ends with the wanted exit code; resolves to what it printed. */
async function compose(words: string, wanted = 0, override: object = { services: {} }): Promise<string> {
  const args = ['compose', ...project, ...words.split(' ')];
  const options = { cwd: rootFolder, reject: false, all: true, input: JSON.stringify(override) } as const;
  const { all, exitCode } = await execa('docker', args, options);
  demand(exitCode === wanted, `${all}\ncompose ${words}: wanted exit code ${wanted}, got ${exitCode}`);
  return all;
}

function demand(holds: boolean, complaint: string): void {
  if (!holds) throw new Error(complaint);
}

function step(name: string, run: () => Promise<unknown>): CheckStep {
  return { name, run: async () => void (await run()) };
}

async function answersOnLoopback(server: string): Promise<void> {
  const address = await compose(`port ${server} 6000`);
  demand(address.startsWith('127.0.0.1:'), `it is published on ${address}`);
  const session = connect(`http://${address}`);
  session.setTimeout(5000, () => session.destroy());
  const closed = once(session, 'close').then(() => demand(false, `${address} answers no HTTP/2`));
  await Promise.race([once(session, 'remoteSettings'), closed]);
  session.destroy();
}

async function saysNotFound(client: string): Promise<void> {
  const printed = await compose(`run --rm ${client} --address ${broken}:6000 Nobody`, 1);
  demand(printed.includes('NOT_FOUND: expirement not found'), printed);
}

/** Each client's container has called all servers: an address, and what is there. */
async function everyPairPrintedTheRow(): Promise<void> {
  const lines = (await compose('--profile pairs logs --no-color')).split('\n');
  const wanted = servers.map((server) => `${server}:6000\n${row}`).join('\n');
  for (const client of clients) {
    const calls = client.replace('client', 'calls');
    const own = lines.filter((line) => line.startsWith(`${calls}-1 `));
    const printed = own.map((line) => line.split(' | ')[1]).join('\n');
    demand(printed === wanted, `${calls} printed:\n${printed}`);
  }
}

async function leavesNothing(): Promise<void> {
  await compose('--profile * down --volumes --remove-orphans');
  const left = await compose('--profile * ps --all --quiet');
  demand(left === '', `containers are left: ${left}`);
}

const services = (await compose('--profile * config --services')).split('\n').sort();
const clients = services.filter((name) => name.endsWith('-client'));
const servers = services.filter((name) => name.endsWith('-server'));
const broken = servers[0] ?? '';
const unreachable = { services: { [broken]: { command: ['server'] } } };

process.exitCode = await runSteps([
  step('build', () => compose('build')),
  step('up, healthy', () => compose('up --detach --wait')),
  ...servers.map((server) => step(`${server} answers on 127.0.0.1`, () => answersOnLoopback(server))),
  ...clients.map((client) => step(`${client}: NOT_FOUND is exit code 1`, () => saysNotFound(client))),
  step('all pairs', () => compose(allPairs)),
  step('every pair printed the row', everyPairPrintedTheRow),
  step(`all pairs: exit code 1 when ${broken} cannot be reached`, () => compose(allPairs, 1, unreachable)),
  step('down leaves nothing', leavesNothing),
]);
