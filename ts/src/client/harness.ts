// The client as the harness runs it: calls in, records out.
import { implementation } from '../implementation.ts';
import { readLines } from '../lines/read.ts';
import type { CallRecord } from '../lines/types.ts';
import { writeLine } from '../lines/write.ts';
import { graceFor, signalled } from '../stop.ts';
import { type Call, parseCall } from './call.ts';
import { Channels } from './channels.ts';
import { invoke } from './invoke.ts';

/** Makes the calls that standard input brings, until it ends, or SIGINT or SIGTERM; gives the exit code. */
export async function answerCalls(): Promise<number> {
  const told = signalled();
  const channels = new Channels();
  const inFlight = new Set<Promise<void>>();
  const begin = (line: string) => {
    const call = parseCall(line);
    const ended = record(channels, call)
      .then((record) => writeLine({ ended: record }))
      .finally(() => inFlight.delete(ended));
    inFlight.add(ended);
  };
  writeLine({ ready: implementation });
  try {
    await Promise.race([readLines(process.stdin, begin), told]);
  } catch (error) {
    console.error(`cannot read a call: ${(error as Error).message}`);
    return 2;
  }
  process.stdin.destroy();
  await graceFor(Promise.all(inFlight));
  return 0;
}

async function record(channels: Channels, call: Call): Promise<CallRecord> {
  const unsupported = unsupportedPart(call);
  if (unsupported !== undefined) return { id: call.id, unsupported };
  return invoke(channels.get(call), call);
}

function unsupportedPart({ kind, compression }: Call): string | undefined {
  if (kind !== 'unary') return `call kind "${kind}"`;
  if (compression !== '' && compression !== 'gzip') return `compression "${compression}"`;
  return undefined;
}
