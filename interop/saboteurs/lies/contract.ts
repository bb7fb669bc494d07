/**
 * Peers that break what no scenario looks at: how they stop, what they do about lines that
 * nobody knows and about a taken port. The doctor must tell.
 */
import process from 'node:process';
import type { Lie } from '../program/behaviour.ts';
import { lookUp } from '../program/plain.ts';
import { steps } from './metadata.ts';

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

/** Does one thing after another, so that a slow one holds up what is behind it. */
function inTurn(): NonNullable<Lie['obeys']> {
  let last: Promise<unknown> = Promise.resolve();
  return (_, carryOut) => {
    const next = last.then(carryOut, carryOut);
    last = next;
    return next;
  };
}

export const contractLies = {
  'ignores-sigterm': { stops: (finish, why) => (why === 'signal' ? undefined : finish()) },
  'drops-calls-at-sigterm': { stops: (finish, why) => (why === 'signal' ? process.exit(0) : finish()) },
  'one-at-a-time': {
    async sees(call) {
      await takeTurn();
      return call;
    },
    ends(ending) {
      release();
      return ending;
    },
    async takes(call, make) {
      await takeTurn();
      return make(call).finally(release);
    },
  },
  'ends-at-a-second-call': {
    looksUp(name) {
      if (name === 'Gigi') process.exit(9);
      return lookUp(name);
    },
  },
  'shares-its-port': {
    obeys: (line, carryOut) =>
      line.listen ? carryOut().catch(() => ({ id: line.id, port: line.listen?.port ?? 0 })) : carryOut(),
  },
  'hoards-lines': { prints: hoard() },
  'never-waits': steps((step) => ('waitMs' in step ? [] : [step])),
  'silent-about-what-it-does-not-know': {
    prints: (line) => (/"unsupported"|"refused"/.test(line) ? '' : line),
  },
  'claims-to-have-done-it': {
    prints: (line) => line.replace(/,"(?:unsupported|refused)":"(?:[^"\\]|\\.)*"/, ''),
  },
  'goes-without-tls': { encrypts: () => undefined },
  'dies-of-nonsense': {
    obeys(line, carryOut) {
      const isKnown = ['types', 'script', 'listen', 'close', 'drain', 'flush'].some((word) => word in line);
      return isKnown ? carryOut() : process.exit(1);
    },
  },
  'waits-for-a-drain': { obeys: inTurn() },
} satisfies Record<string, Lie>;
