import { setTimeout as sleep } from 'node:timers/promises';
import type { Wire } from '../launch/launcher.ts';
import type { Call } from '../model/call.ts';
import type { WireEvidence, WireStream, WireTrouble } from '../model/wire.ts';
import { makeConversation } from './conversation.ts';
import { headerValue } from './half.ts';
import { isTls } from './http2/opening.ts';
import type { Methods } from './methods.ts';
import type { Watcher } from './relay.ts';
import { dropFirst } from './streams.ts';
import { type Keys, makeTlsSession, type TlsSession } from './tls/session.ts';
import { shareOut } from './unnamed.ts';

/** Of calls that nobody asks for. */
const keptStreams = 8_192;
/** Of connections that are over. */
const keptConnections = 256;
/** So long are keys waited for. */
const keysMs = 500;
export const noKeys: LiveKeys = { secrets: () => [], async read() {} };
/** How often it is looked whether calls have ended. */
const settleMs = 5;
/** How rarely it is looked for keys at the most. */
const maxLookMs = 80;

/** What the relays of one server saw, by call. */
export interface Notes extends Wire {
  /** A connection was accepted at that address. */
  watch(address: string): Watcher;
}

type Sought = Parameters<Wire['settle']>[0][number];

interface Connection {
  /** Of one that is encrypted. */
  tls: TlsSession | undefined;
  readonly number: number;
  /** Where the client reached it. */
  readonly address: string;
  readonly troubles: WireTrouble[];
  hasStreams: boolean;
  hasServerBytes: boolean;
  /** On the clock of `performance.now`. */
  closedAt: number | undefined;
}

export interface NoteOptions {
  /** Is told each time that bytes of a stream have passed, or others of its connection; the stream goes on filling. */
  heard?(stream: WireStream): void;
  readonly keys?: LiveKeys;
}

/** With which what is encrypted is read. */
export interface LiveKeys extends Keys {
  /** Reads what has been told of keys since. */
  read(): Promise<void>;
}

export function takeNotes(methods: Methods, { heard, keys = noKeys }: NoteOptions = {}): Notes {
  const byCall = new Map<string, WireStream[]>();
  /** By address, of clients that name no call: they are taken in the order in which they came. */
  const nameless = new Map<string, WireStream[]>();
  const connections: Connection[] = [];
  let accepted = 0;

  function keep(stream: WireStream, address: string): void {
    const id = headerValue(stream.request.headers, 'stitch-call-id');
    if (id !== undefined) add(byCall, id, stream);
    else if (add(nameless, address, stream) > keptStreams) nameless.get(address)?.shift();
    if (byCall.size > keptStreams) dropFirst(byCall);
  }

  function remember(connection: Connection): void {
    connections.push(connection);
    if (connections.length <= keptConnections) return;
    const over = connections.findIndex(({ closedAt }) => closedAt !== undefined);
    connections.splice(Math.max(0, over), 1);
  }

  function watch(address: string): Watcher {
    const number = ++accepted;
    const connection: Connection = {
      tls: undefined,
      number,
      address,
      troubles: [],
      hasStreams: false,
      hasServerBytes: false,
      closedAt: undefined,
    };
    remember(connection);
    const live: WireStream[] = [];
    const conversation = makeConversation(number, methods, {
      stream(stream) {
        connection.hasStreams = true;
        if (heard) live.push(stream);
        keep(stream, address);
      },
      trouble: (trouble) => void connection.troubles.push(trouble),
    });
    let isFirst = true;
    /** What the server said before that. */
    let early: Buffer | undefined;
    function openTls(): TlsSession {
      return makeTlsSession(number, keys, {
        opened: (from, content, atMs) => conversation.read(from, content, atMs),
        sealed: () => void connection.troubles.push({ kind: 'opaque', connection: number }),
        broken: (problem) => void connection.troubles.push({ kind: 'invalid', connection: number, problem }),
      });
    }
    /** Where somebody listens, what is sealed is opened as it passes, and not when the call has ended. */
    async function openNow(tls: TlsSession): Promise<void> {
      await keys.read();
      tls.keysMayBeThere();
      if (heard) live.forEach(heard);
    }
    function close(trouble: WireTrouble): void {
      if (connection.closedAt !== undefined) return;
      connection.closedAt = performance.now();
      connection.troubles.push(trouble);
    }
    return {
      passed(from, bytes) {
        if (from === 'server') connection.hasServerBytes = true;
        const atMs = performance.now();
        // The client speaks first, encrypted or not.
        if (isFirst && from === 'client') {
          isFirst = false;
          if (isTls(bytes)) connection.tls = openTls();
        }
        if (isFirst) early ??= bytes;
        if (connection.tls) connection.tls.read(from, bytes, atMs);
        else conversation.read(from, bytes, atMs);
        // Of a client that encrypts it was no answer, and no TLS.
        if (connection.tls && early) connection.tls.read('server', early, atMs);
        if (!isFirst) early = undefined;
        if (heard) live.forEach(heard);
        if (heard && connection.tls?.isWaiting()) void openNow(connection.tls);
      },
      refused: (reason) => close({ kind: 'refused', connection: number, reason }),
      closed: (by, how) => close({ kind: 'closed', connection: number, by, how, atMs: performance.now() }),
    };
  }

  function evidenceOf(
    { id, address }: Pick<Call, 'id' | 'address'>,
    there: readonly Connection[],
  ): WireEvidence {
    const streams = byCall.get(id) ?? nameless.get(address)?.splice(0, 1) ?? [];
    byCall.delete(id);
    return withTroubles(streams, address, there);
  }

  function withTroubles(
    streams: readonly WireStream[],
    address: string,
    there: readonly Connection[],
  ): WireEvidence {
    const concerned = there.filter((each) =>
      each.hasStreams
        ? streams.some(({ connection }) => connection === each.number)
        : each.address === address,
    );
    const handshakes = concerned.flatMap(({ tls }) => tls?.handshake ?? []);
    return {
      streams,
      troubles: concerned.flatMap(troublesOf),
      ...(handshakes.length > 0 && { handshakes }),
    };
  }

  /** Something of that call is still to pass. */
  function isOpen({ id, address, method }: Sought): boolean {
    const named = byCall.get(id)?.slice(-1);
    const unnamed = nameless
      .get(address)
      ?.filter(({ request }) => method === undefined || headerValue(request.headers, ':path') === method);
    return (named ?? unnamed ?? []).some(isOnItsWay);
  }

  function isOnItsWay(stream: WireStream): boolean {
    if (stream.response.endFrame !== undefined || stream.resets.length > 0) return false;
    return connections.some(({ number, troubles }) => number === stream.connection && troubles.length === 0);
  }

  /** Keys may come a moment after the bytes; those that do not come by then are not waited for any more. */
  async function openSealed(calls: readonly Sought[], withinMs: number): Promise<void> {
    const there = new Set(calls.map(({ address }) => address));
    const sealed = () =>
      connections.flatMap(({ address, tls }) => (there.has(address) && tls?.isWaiting() ? tls : []));
    const untilMs = performance.now() + withinMs;
    // Most are there at once, and those of programs that cannot tell any are never.
    let lookMs = settleMs;
    for (let waiting = sealed(); waiting.length > 0; waiting = sealed()) {
      await keys.read();
      for (const each of waiting) each.keysMayBeThere();
      if (sealed().length === 0) return;
      if (performance.now() >= untilMs) {
        for (const each of sealed()) each.noMoreKeys();
        return;
      }
      await sleep(lookMs);
      lookMs = Math.min(2 * lookMs, maxLookMs);
    }
  }

  /** Those that were there since then. */
  function thereSince(sinceMs: number): readonly Connection[] {
    return connections.filter(({ closedAt }) => closedAt === undefined || closedAt >= sinceMs);
  }

  return {
    watch,
    async settle(calls, withinMs) {
      const untilMs = performance.now() + withinMs;
      await openSealed(calls, Math.min(withinMs, keysMs));
      while (performance.now() < untilMs && calls.some(isOpen)) await sleep(settleMs);
    },
    take(calls, sinceMs) {
      const there = thereSince(sinceMs);
      return calls.map((call) => evidenceOf(call, there));
    },
    takeUnnamed(address, calls, sinceMs) {
      const streams = nameless.get(address) ?? [];
      nameless.delete(address);
      const paths = calls.map(({ method }) => method);
      const there = thereSince(sinceMs);
      return shareOut(streams, paths, (path) => methods.find(path) !== undefined).map((share) =>
        withTroubles(share, address, there),
      );
    },
  };
}

function troublesOf({ number, troubles, hasServerBytes, closedAt, tls }: Connection): readonly WireTrouble[] {
  const isSealed = tls?.isSealed() && !troubles.some(({ kind }) => kind === 'opaque');
  return [
    ...(isSealed ? [{ kind: 'opaque', connection: number } as const] : []),
    ...troubles,
    ...(hasServerBytes || closedAt !== undefined ? [] : [{ kind: 'silent', connection: number } as const]),
  ];
}

/** Adds to a list; how long it is now. */
function add(lists: Map<string, WireStream[]>, key: string, stream: WireStream): number {
  const list = lists.get(key) ?? [];
  lists.set(key, list);
  return list.push(stream);
}
