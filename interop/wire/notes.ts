import { setTimeout as sleep } from 'node:timers/promises';
import type { Wire } from '../launch/launcher.ts';
import type { Call } from '../model/call.ts';
import type { WireEvidence, WireStream, WireTrouble } from '../model/wire.ts';
import { makeConversation } from './conversation.ts';
import { headerValue } from './half.ts';
import type { Methods } from './methods.ts';
import type { Watcher } from './relay.ts';
import { dropFirst } from './streams.ts';
import { shareOut } from './unnamed.ts';

/** Of calls that nobody asks for. */
const keptStreams = 8_192;
/** Of connections that are over. */
const keptConnections = 256;
/** How often it is looked whether calls have ended. */
const settleMs = 5;

/** What the relays of one server saw, by call. */
export interface Notes extends Wire {
  /** A connection was accepted at that address. */
  watch(address: string): Watcher;
}

type Sought = Parameters<Wire['settle']>[0][number];

interface Connection {
  readonly number: number;
  /** Where the client reached it. */
  readonly address: string;
  readonly troubles: WireTrouble[];
  hasStreams: boolean;
  hasServerBytes: boolean;
  /** On the clock of `performance.now`. */
  closedAt: number | undefined;
}

/** `heard` is told each time that bytes of a stream have passed, or others of its connection; the stream goes on filling. */
export function takeNotes(methods: Methods, heard?: (stream: WireStream) => void): Notes {
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
    function close(trouble: WireTrouble): void {
      if (connection.closedAt !== undefined) return;
      connection.closedAt = performance.now();
      connection.troubles.push(trouble);
    }
    return {
      passed(from, bytes) {
        if (from === 'server') connection.hasServerBytes = true;
        conversation.read(from, bytes, performance.now());
        if (heard) live.forEach(heard);
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
    return { streams, troubles: concerned.flatMap(troublesOf) };
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

  /** Those that were there since then. */
  function thereSince(sinceMs: number): readonly Connection[] {
    return connections.filter(({ closedAt }) => closedAt === undefined || closedAt >= sinceMs);
  }

  return {
    watch,
    async settle(calls, withinMs) {
      const untilMs = performance.now() + withinMs;
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

function troublesOf({ number, troubles, hasServerBytes, closedAt }: Connection): readonly WireTrouble[] {
  return hasServerBytes || closedAt !== undefined
    ? troubles
    : [...troubles, { kind: 'silent', connection: number }];
}

/** Adds to a list; how long it is now. */
function add(lists: Map<string, WireStream[]>, key: string, stream: WireStream): number {
  const list = lists.get(key) ?? [];
  lists.set(key, list);
  return list.push(stream);
}
