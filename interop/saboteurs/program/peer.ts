import { type Method, readTypes, type Types } from '../../messages/types.ts';
import type { Behaviour } from './behaviour.ts';
import { makeCall } from './client/call.ts';
import { type Channel, makeChannel } from './client/channel.ts';
import {
  type Answer,
  type Call,
  type ChannelSpec,
  decodeCall,
  decodeLine,
  knowListen,
  knowScript,
  type LineIn,
  type LineOut,
  type Listen,
  type Script,
  type Served,
} from './lines.ts';
import { plainTypes } from './plain.ts';
import { type Listener, openListener } from './server/listener.ts';
import { serve } from './server/serve.ts';

/** A peer, for the lines that it is given. */
export interface Peer {
  say(line: LineOut): void;
  take(line: string): void;
  /** Takes nothing new; resolves when what is in flight has ended. */
  finish(): Promise<void>;
}

/** One loop, both roles: keeps types and scripts, listens, makes calls. */
export function startPeer(behaviour: Behaviour, say: (line: LineOut) => void): Peer {
  const scripts = new Map<string, Script>();
  const listeners = new Map<number, Listener>();
  const channels = new Map<string, Channel>();
  const inFlight = new Set<Promise<void>>();
  let types: Types = plainTypes;

  function follow(call: Promise<void>): void {
    inFlight.add(call);
    call.finally(() => inFlight.delete(call));
  }

  async function listen(listen: Listen): Promise<number> {
    knowListen(listen);
    const served = types;
    const limitBytes = listen.maxReceiveBytes || behaviour.limitBytes;
    const print = (served: Served) => say({ served });
    const listener = await openListener(listen.host ?? '', listen.port ?? 0, behaviour, (stream, raw) =>
      follow(serve(stream, raw, { types: served, scripts, limitBytes, behaviour, print })),
    );
    listeners.set(listener.port, listener);
    return listener.port;
  }

  function leave(port = 0): Listener {
    const listener = listeners.get(port);
    if (!listener) throw new Error(`port ${port}: nobody listens`);
    listeners.delete(port);
    return listener;
  }

  function keep(script: Script): void {
    knowScript(script);
    const { name = '', steps = [] } = script;
    if (steps.length === 0) scripts.delete(name);
    else scripts.set(name, script);
  }

  async function carryOut({ id, ...line }: LineIn): Promise<Answer> {
    if (line.types) types = readTypes(Buffer.from(line.types.files ?? '', 'base64'));
    else if (line.script) keep(line.script);
    else if (line.listen) return { id, port: await listen(line.listen) };
    else if (line.close) await leave(line.close.port).close();
    else if (line.drain) await leave(line.drain.port).drain();
    else if (!line.flush) throw new Error('the instruction is unknown');
    return { id };
  }

  async function instruct(line: LineIn): Promise<void> {
    try {
      const answer = await behaviour.obeys(line, () => carryOut(line));
      if (answer) say({ answer });
    } catch (error) {
      say({ answer: { id: line.id, refused: (error as Error).message } });
    }
  }

  function channelOf(spec: ChannelSpec): Channel {
    const content = JSON.stringify([spec.address, spec.name, spec.maxReceiveBytes]);
    const channel = channels.get(content) ?? makeChannel(spec, behaviour);
    channels.set(content, channel);
    return channel;
  }

  async function makeAll(row: Call, method: Method): Promise<void> {
    const make = (call: Call) => makeCall(call, method, channelOf(call.channel), behaviour);
    const ids = idsOf(row, behaviour).values();
    async function work(): Promise<void> {
      for (const id of ids) say({ ended: await behaviour.takes({ ...row, id }, make) });
    }
    await Promise.all(Array.from({ length: Math.max(1, row.atOnce) }, work));
  }

  function call(line: LineIn): void {
    try {
      const row = decodeCall(line);
      const path = row.types || row.method;
      const method = types.methods.get(path) ?? plainTypes.methods.get(path);
      if (!method) throw new Error(`method ${path}`);
      follow(makeAll(row, method));
    } catch (error) {
      say({ ended: { id: line.id, unsupported: (error as Error).message } });
    }
  }

  return {
    say,
    take(text) {
      const line = decodeLine(text);
      if (!line) say({ answer: { id: '', refused: 'the line is no JSON object with an id' } });
      else if (line.call) call(line);
      else void instruct(line);
    },
    async finish() {
      const leaving = Array.from(listeners.values(), (listener) => listener.drain());
      await Promise.all([...leaving, ...inFlight]);
      for (const channel of channels.values()) channel.close();
    },
  };
}

function idsOf({ id, times }: Call, behaviour: Behaviour): readonly string[] {
  if (times <= 1) return [id];
  return Array.from({ length: behaviour.counts(times) }, (_, index) => `${id}.${index}`);
}
