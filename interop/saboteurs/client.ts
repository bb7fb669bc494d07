import type { Call } from '../model/call.ts';
import { type Channel, makeChannel } from './channel.ts';
import { decodeCall, encodeCallRecord } from './lines.ts';
import type { Manners } from './manners.ts';
import type { Line, Part } from './part.ts';
import { makeCall } from './unary.ts';

/** The client's part: says that it is ready, makes calls, says what came of them. */
export function startClient(manners: Manners, say: (line: Line) => void, implementation: object): Part {
  const channels = new Map<string, Channel>();
  const inFlight = new Set<Promise<void>>();

  function channelOf({ address, channel }: Call): Channel {
    const name = `${address} ${channel}`;
    const known = channels.get(name) ?? makeChannel(address, manners);
    channels.set(name, known);
    return known;
  }

  async function take(line: string): Promise<void> {
    const { kind, ...call } = decodeCall(line);
    if (kind !== 'unary') {
      say({ ended: { id: call.id, unsupported: `call kind ${JSON.stringify(kind)}` } });
      return;
    }
    const record = await manners.takes(call, (call) => makeCall(call, channelOf(call), manners));
    say(encodeCallRecord(record));
  }

  say({ ready: implementation });
  return {
    take(line) {
      const call = take(line);
      inFlight.add(call);
      call.finally(() => inFlight.delete(call));
    },
    async finish() {
      await Promise.all(inFlight);
      for (const channel of channels.values()) channel.close();
    },
  };
}
