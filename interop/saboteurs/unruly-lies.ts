/**
 * Peers that break the contract itself, in whichever role they are started;
 * catalogue.ts tells what must be said of each.
 */
import net from 'node:net';
import process from 'node:process';
import type { Lie } from './manners.ts';

/** What is said or asked of this name brings some of them down; the others must not notice. */
const trigger = 'Truxx';

const never = new Promise<never>(() => {});

/** Something done at the trigger, by a server to its call and by a client to its own. */
function atTrigger(act: () => void): Lie {
  return {
    sees(request) {
      if (request.name === trigger) act();
      return request;
    },
    takes(call, make) {
      if (call.name === trigger) act();
      return make(call);
    },
  };
}

/** A line that tells of the trigger is printed otherwise. */
function printsAtTrigger(change: (line: string) => string): Lie {
  return { prints: (line) => (line.includes(trigger) ? change(line) : line) };
}

function stayAlive(): void {
  setInterval(() => {}, 60_000);
}

/** A port that nobody listens on, or where somebody listens who never says a word. */
async function bind(keep: boolean): Promise<number> {
  const server = net.createServer(() => {});
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as net.AddressInfo;
  if (!keep) await new Promise((resolve) => server.close(resolve));
  return port;
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
  'announces-nothing': {
    starts() {
      stayAlive();
      return never;
    },
  },
  'announces-a-dead-port': { listens: () => bind(false) },
  'announces-a-mute-port': { listens: () => bind(true) },
  'announces-port-0': { listens: async () => 0 },

  'logs-on-stdout': printsAtTrigger((line) => `INFO somebody asked for ${trigger}\n${line}`),
  'prints-100-mib': printsAtTrigger((line) => `${'x'.repeat(100 * 1024 * 1024)}\n${line}`),
  'says-it-twice': printsAtTrigger((line) => line + line),
  'answers-unasked': printsAtTrigger((line) => `{"flushed":{}}\n${line}`),
  'speaks-another-dialect': printsAtTrigger((line) => line.replace(/"code":\d+/, '"code":"OK"')),

  'dies-in-a-call': atTrigger(() => process.exit(9)),
  'is-killed-in-a-call': atTrigger(() => process.kill(process.pid, 'SIGKILL')),
  'hangs-in-a-call': atTrigger(() => {
    for (;;);
  }),
  'forgets-a-call': {
    sees: (request) => (request.name === trigger ? never : request),
    takes: (call, make) => (call.name === trigger ? never : make(call)),
  },
  'records-and-is-silent': { sends: (answer) => (answer.reply?.name === trigger ? never : answer) },

  'refuses-to-listen': {
    obeys: async ({ listen }, carryOut) =>
      listen ? { refused: { reason: 'port 0: permission denied' } } : carryOut(),
  },
  'never-flushes': { obeys: async ({ flush }, carryOut) => (flush ? undefined : carryOut()) },

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
