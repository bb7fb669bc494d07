import type { Types } from '../../../messages/types.ts';
import type { Behaviour, TellKey } from '../behaviour.ts';
import { type Call, type ChannelSpec, decodeCall, type Ended, type LineIn } from '../lines.ts';
import { plainTypes } from '../plain.ts';
import { makeCall } from './call.ts';
import { type Channel, makeChannel } from './channel.ts';

/** The client's part: makes calls over channels. */
export interface Client {
  /** Makes the call, or the row of calls, of that line; resolves when all have ended. Throws what is not known here, as a clause. */
  call(line: LineIn, types: Types): Promise<void>;
  close(): void;
  /** Ends every connection at once. */
  drop(): void;
}

export function makeClient(behaviour: Behaviour, tell: (record: Ended) => void, tellKey: TellKey): Client {
  const channels = new Map<string, Channel>();

  function channelOf(spec: ChannelSpec): Channel {
    const { address, name, tls, maxReceiveBytes } = spec;
    const content = JSON.stringify([address, name, tls, maxReceiveBytes]);
    const channel = channels.get(content) ?? makeChannel(spec, behaviour, tellKey);
    channels.set(content, channel);
    return channel;
  }

  return {
    call(line, types) {
      const row = decodeCall(line);
      const path = row.types || row.method;
      const method = types.methods.get(path) ?? plainTypes.methods.get(path);
      if (!method) throw new Error(`method ${path}`);
      const make = (call: Call) => makeCall(call, method, channelOf(call.channel), behaviour);
      return eachOf(row, behaviour, async (call) => tell(await behaviour.takes(call, make)));
    },
    close() {
      for (const channel of channels.values()) channel.close();
    },
    drop() {
      for (const channel of channels.values()) channel.drop();
    },
  };
}

/** "`atOnce` of them in flight" */
async function eachOf(row: Call, behaviour: Behaviour, make: (call: Call) => Promise<void>): Promise<void> {
  const ids = idsOf(row, behaviour).values();
  async function work(): Promise<void> {
    for (const id of ids) await make({ ...row, id });
  }
  await Promise.all(Array.from({ length: Math.max(1, row.atOnce) }, work));
}

function idsOf({ id, times }: Call, behaviour: Behaviour): readonly string[] {
  if (times <= 1) return [id];
  return Array.from({ length: behaviour.counts(times) }, (_, index) => `${id}.${index}`);
}
