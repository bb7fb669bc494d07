/** What answers a call: a script, the plain service, or nothing. */
import { create } from '@bufbuild/protobuf';
import type { Method } from '../../../messages/types.ts';
import type { Metadatum } from '../../../model/call.ts';
import { Code } from '../../../model/status.ts';
import type { Behaviour, Incoming, Message } from '../behaviour.ts';
import { textOf } from '../grpc/metadata.ts';
import { pause } from '../grpc/timer.ts';
import type { End, Script, ServerStep } from '../lines.ts';
import { pickOne } from '../plain.ts';

/** A call, for who answers it. */
export interface ServerCall {
  readonly over: AbortSignal;
  /** Sends the response headers at once. */
  headers(entries: readonly Metadatum[]): void;
  /** Undefined: there are no more. Rejects when one cannot be had. */
  receive(): Promise<Message | undefined>;
  /** Resolves when the library takes more. */
  send(message: Message): Promise<void>;
}

export interface Handler {
  /** The script's name; empty: the plain service. */
  readonly script: string;
  readonly compression: string;
  /** Resolves to how it ends the call, whether or not the call has ended under it. */
  answer(call: ServerCall): Promise<End>;
}

/** "the script that its metadata `stitch-script` names […]; else the script named like the method's path; else […] the plain service" */
export function handlerFor(
  { path, metadata }: Incoming,
  method: Method,
  scripts: ReadonlyMap<string, Script>,
  behaviour: Behaviour,
): Handler {
  const name = textOf(metadata, 'stitch-script');
  const script = scripts.get(name || path);
  if (script) return scripted(behaviour.plays(script), method, behaviour);
  if (name === '' && path === pickOne) return plain(method, behaviour);
  return unscripted(name);
}

function unscripted(name: string): Handler {
  const message = name === '' ? 'no script' : `no script ${JSON.stringify(name)}`;
  return {
    script: name,
    compression: '',
    answer: async () => ({ status: { code: Code.UNIMPLEMENTED, message } }),
  };
}

function plain({ response }: Method, behaviour: Behaviour): Handler {
  return {
    script: '',
    compression: '',
    async answer(call) {
      const { name } = (await call.receive()) as Message & { readonly name: string };
      const { row, ...status } = behaviour.looksUp(name);
      if (row) await call.send(create(response, { ...row }));
      return { status };
    },
  };
}

function scripted(
  { name = '', compression = '', steps = [] }: Script,
  { response }: Method,
  behaviour: Behaviour,
): Handler {
  async function take(step: Exclude<ServerStep, { readonly end: End }>, call: ServerCall): Promise<void> {
    if ('headers' in step) call.headers(step.headers.entries ?? []);
    else if ('waitMs' in step) await pause(step.waitMs, behaviour.noticesTheEnd ? call.over : undefined);
    else if ('receive' in step) await receiveAll(call, step.receive);
    else {
      const message = behaviour.parses(response, Buffer.from(step.send, 'base64'), 'line');
      for (let count = 0; count < (step.times || 1); count++) await call.send(message);
    }
  }
  return {
    script: name,
    compression,
    async answer(call) {
      for (const step of steps) {
        if (behaviour.noticesTheEnd && call.over.aborted) break;
        if ('end' in step) return step.end;
        await take(step, call);
      }
      return {};
    },
  };
}

async function receiveAll(call: ServerCall, count: number): Promise<void> {
  for (let left = count; left !== 0; left--) if (!(await call.receive())) return;
}
