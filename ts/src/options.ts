// The program's arguments.
import { parseArgs } from 'node:util';

/** What a person, or the harness, asked the program to do. */
export type Command =
  | {
      readonly kind: 'server';
      readonly host: string;
      readonly port: number;
      readonly isHarness: boolean;
    }
  | {
      readonly kind: 'client';
      readonly address: string;
      readonly names: readonly string[];
      readonly isHarness: boolean;
    }
  | { readonly kind: 'health'; readonly address: string };

/** Arguments that make no sense; the message is a sentence for a person. */
export class UsageError extends Error {}

const host = { type: 'string', default: '127.0.0.1' } as const;
const port = { type: 'string', default: '6000' } as const;
const address = { type: 'string', default: '127.0.0.1:6000' } as const;
const harness = { type: 'boolean', default: false } as const;

/** Reads the arguments behind the program's name, or throws a UsageError. */
export function parseCommand([kind, ...args]: readonly string[]): Command {
  switch (kind) {
    case 'server':
      return parseServer(args);
    case 'client':
      return parseClient(args);
    case 'health':
      return parseHealth(args);
    default:
      throw new UsageError('usage: server, client or health, and its options');
  }
}

function parseServer(args: string[]): Command {
  const { values } = usage(() => parseArgs({ args, options: { host, port, harness } }));
  return { kind: 'server', host: values.host, port: parsePort(values.port), isHarness: values.harness };
}

function parseClient(args: string[]): Command {
  const { values, positionals } = usage(() =>
    parseArgs({ args, options: { address, harness }, allowPositionals: true }),
  );
  const names = positionals.length === 0 ? ['Stitch'] : positionals;
  return { kind: 'client', address: values.address, names, isHarness: values.harness };
}

function parseHealth(args: string[]): Command {
  const { values } = usage(() => parseArgs({ args, options: { address } }));
  return { kind: 'health', address: values.address };
}

function parsePort(text: string): number {
  const number = Number(text);
  if (!/^\d{1,5}$/.test(text) || number > 65535) {
    throw new UsageError(`--port: wanted a number from 0 to 65535, got "${text}"`);
  }
  return number;
}

function usage<T>(parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}
