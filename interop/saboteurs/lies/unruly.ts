/**
 * Peers that break the contract itself, in whichever role they are started;
 * the catalogue tells what must be said of each.
 */
import net from 'node:net';
import process from 'node:process';
import type { Lie } from '../program/behaviour.ts';
import type { LineIn } from '../program/lines.ts';
import { lookUp } from '../program/plain.ts';
import { encodeFields } from './fields.ts';
import { never } from './never.ts';
import { nameIn, rowOf } from './rows.ts';

/** What is said or asked of this name brings some of them down; the others must not notice. */
const trigger = 'Truxx';

const triggerFields = encodeFields([[1, trigger]]);
/** What all messages that begin with it have in common, in base64. */
const triggerText = triggerFields.toString('base64').slice(0, 8);

/** Something done at the trigger, by a server to its call and by a client to its own. */
function atTrigger<T>(act: () => T): Lie {
  return {
    looksUp(name) {
      if (name === trigger) act();
      return lookUp(name);
    },
    takes(call, make) {
      if (nameIn(call) === trigger) act();
      return make(call);
    },
  };
}

/** A line that tells of the trigger is printed otherwise. */
function printsAtTrigger(change: (line: string) => string): Lie {
  return { prints: (line) => (line.includes(triggerText) ? change(line) : line) };
}

/** Carries an instruction of that kind out otherwise. */
function obeysElse(what: keyof LineIn, obey: NonNullable<Lie['obeys']>): Lie {
  return { obeys: (line, carryOut) => (line[what] ? obey(line, carryOut) : carryOut()) };
}

/** Listens honestly, and answers with another port. */
function announces(port: () => Promise<number>): Lie {
  return obeysElse('listen', async ({ id }) => ({ id, port: await port() }));
}

async function refuse(): Promise<never> {
  throw new Error('permission denied');
}

function stayAlive(): void {
  setInterval(() => {}, 60_000);
}

/** Nobody listens there: one that was free a moment ago may be the harness's own by now. */
const deadPort = 1;

/** A port where somebody listens who never says a word. */
async function mutePort(): Promise<number> {
  const server = net.createServer(() => {});
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as net.AddressInfo).port;
}

export const unrulyLies = {
  'exits-at-once': {
    starts() {
      process.stderr.write('no licence for this machine\n');
      process.exit(3);
    },
  },
  'prints-garbage': { prints: () => '\u001b[31m\u0000{{{ who is there\n' },
  'prints-a-banner': { starts: () => void process.stdout.write('welcome to the server of the year\n') },
  'answers-before-it-is-ready': { starts: () => void process.stdout.write('{"answer":{"id":"0"}}\n') },
  'is-never-ready': {
    starts() {
      stayAlive();
      return never;
    },
  },
  'announces-a-dead-port': announces(async () => deadPort),
  'announces-a-mute-port': announces(mutePort),
  'announces-port-0': announces(async () => 0),
  'refuses-types': obeysElse('types', refuse),
  'refuses-scripts': obeysElse('script', refuse),
  'refuses-to-listen-again': { obeys: (line, carryOut) => (line.listen?.port ? refuse() : carryOut()) },
  'answers-under-another-id': { prints: (line) => line.replace('{"answer":{"id":"', '$&x') },
  'never-answers-scripts': obeysElse('script', async () => undefined),
  'never-flushes': obeysElse('flush', async () => undefined),

  'logs-on-stdout': printsAtTrigger((line) => `INFO somebody asked for ${trigger}\n${line}`),
  'prints-100-mib': printsAtTrigger((line) => `${'x'.repeat(100 * 1024 * 1024)}\n${line}`),
  'says-it-twice': printsAtTrigger((line) => line + line),
  'answers-unasked': printsAtTrigger((line) => `{"answer":{"id":"0"}}\n${line}`),
  'speaks-another-dialect': printsAtTrigger((line) => line.replace(/"code":\d+/, '"code":"OK"')),
  'writes-hex': printsAtTrigger((line) => line.replaceAll(/"bytes":"[^"]*"/g, '"bytes":[10,5]')),

  'dies-in-a-call': atTrigger(() => process.exit(9)),
  'is-killed-in-a-call': atTrigger(() => process.kill(process.pid, 'SIGKILL')),
  'hangs-in-a-call': atTrigger(() => {
    for (;;);
  }),
  'forgets-a-call': {
    receives: async (take) => {
      const request = await take();
      return request && rowOf(request).name === trigger ? never : request;
    },
    takes: (call, make) => (nameIn(call) === trigger ? never : make(call)),
  },
  'records-and-is-silent': {
    ends: (ending) => (ending.response && rowOf(ending.response).name === trigger ? never : ending),
  },

  'ignores-the-end': { stops: stayAlive },
  'ignores-end-of-input': { stops: (finish, why) => (why === 'signal' ? finish() : stayAlive()) },
  'exits-with-3': { stops: () => process.exit(3) },
  'floods-stderr': {
    prints(line) {
      process.stderr.write('noise '.repeat(10_000));
      return line;
    },
  },
} satisfies Record<string, Lie>;
