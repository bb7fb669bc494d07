import type { Types } from '../../../messages/types.ts';
import type { Behaviour, TellKey } from '../behaviour.ts';
import { knowListen, knowScript, type Listen, type Script, type Served } from '../lines.ts';
import { type Listener, openListener } from './listener.ts';
import { serve } from './serve.ts';

/** The server's part: keeps scripts, listens, serves. Instructions that it cannot carry out reject or throw. */
export interface Server {
  keep(script: Script): void;
  /** Resolves to the port. The listener goes on with these types. */
  listen(listen: Listen, types: Types): Promise<number>;
  close(port: number): Promise<void>;
  drain(port: number): Promise<void>;
  /** All listeners. */
  drainAll(): Promise<unknown>;
  closeAll(): Promise<unknown>;
}

/** `follow`: a call is in flight until it resolves. */
export function makeServer(
  behaviour: Behaviour,
  print: (record: Served) => void,
  follow: (call: Promise<void>) => void,
  tellKey: TellKey,
): Server {
  const scripts = new Map<string, Script>();
  const listeners = new Map<number, Listener>();

  function leave(port: number): Listener {
    const listener = listeners.get(port);
    if (!listener) throw new Error(`port ${port}: nobody listens`);
    listeners.delete(port);
    return listener;
  }

  return {
    keep(script) {
      knowScript(script);
      const { name = '', steps = [] } = script;
      if (steps.length === 0) scripts.delete(name);
      else scripts.set(name, script);
    },
    async listen(listen, types) {
      knowListen(listen);
      const limitBytes = listen.maxReceiveBytes || behaviour.limitBytes;
      const serving = { types, scripts, limitBytes, behaviour, print };
      const listener = await openListener(listen, behaviour, tellKey, (stream, raw, clientName) =>
        follow(serve(stream, raw, clientName, serving)),
      );
      listeners.set(listener.port, listener);
      return listener.port;
    },
    close: (port) => leave(port).close(),
    drain: (port) => leave(port).drain(),
    drainAll: () => Promise.all(Array.from(listeners.values(), (listener) => listener.drain())),
    closeAll: () => Promise.all(Array.from(listeners.values(), (listener) => listener.close())),
  };
}
