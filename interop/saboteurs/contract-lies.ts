/**
 * Peers that break what no scenario looks at: how they stop, what they offer beside
 * the service, what they do about a taken port. The doctor must tell.
 */
import process from 'node:process';
import { honest, type Lie, overlooks } from './manners.ts';
import { encodeFields } from './message.ts';

/** Resolves when whoever came before has ended. */
let turn: Promise<void> = Promise.resolve();
let release = () => {};

function takeTurn(): Promise<void> {
  const before = turn;
  const { promise, resolve } = Promise.withResolvers<void>();
  turn = promise;
  return before.then(() => {
    release = resolve;
  });
}

/** Keeps what it has served to itself until it has something else to say. */
function hoard(): (line: string) => string {
  let kept = '';
  return (line) => {
    if (line.includes('"served"')) {
      kept += line;
      return '';
    }
    const all = kept + line;
    kept = '';
    return all;
  };
}

/** Offers the rest honestly. */
function offers(word: string, answer: () => Buffer | undefined): Lie {
  return { offers: (path) => (path.includes(word) ? answer : honest.offers(path)) };
}

export const contractLies: Readonly<Record<string, Lie>> = {
  'ignores-sigterm': { stops: (finish, why) => (why === 'signal' ? undefined : finish()) },
  'drops-calls-at-sigterm': { stops: (finish, why) => (why === 'signal' ? process.exit(0) : finish()) },
  'one-at-a-time': {
    async sees(request) {
      await takeTurn();
      return request;
    },
    sends(answer) {
      release();
      return answer;
    },
    async takes(call, make) {
      await takeTurn();
      return make(call).finally(release);
    },
  },
  'ends-at-a-second-call': {
    sees(request) {
      if (request.name === 'Gigi') process.exit(9);
      return request;
    },
  },
  'shares-its-port': { listens: (open) => open().catch((error: { readonly port: number }) => error.port) },
  'hoards-lines': { prints: hoard() },
  'never-waits': overlooks('stitch-wait-ms'),
  'silent-about-kinds': { prints: (line) => (line.includes('"unsupported"') ? '' : line) },
  'dies-of-nonsense': {
    obeys(instruction, carryOut) {
      if (!('flush' in instruction)) process.exit(1);
      return carryOut();
    },
  },
  'has-no-health': offers('Health', () => undefined),
  'is-not-serving': offers('Health', () => encodeFields([[1, 2]])),
  'has-no-reflection': offers('Reflection', () => undefined),
  'reflects-another-file': {
    offers(path) {
      const offer = honest.offers(path);
      return offer && ((request) => swap(offer(request)));
    },
  },
};

/** The same bytes with another word of the same length in them. */
function swap(bytes: Buffer | undefined): Buffer | undefined {
  return bytes && Buffer.from(bytes.toString('latin1').replace('skill', 'skull'), 'latin1');
}
