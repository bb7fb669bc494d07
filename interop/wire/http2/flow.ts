/** What the receiver of frames has allowed, over the whole connection (RFC 9113, 4.2 and 6.9). */
import type { Role } from '../../model/peer.ts';
import { type Fault, fault } from '../rules.ts';
import type { Frame } from './frame.ts';
import { frameFlag, frameType } from './names.ts';

/** "The initial value for the flow-control window is 65,535 octets." (6.9.2) */
const initialWindow = 65_535;
const maxWindow = 2 ** 31 - 1;
/** "The initial value is 2^14 (16,384) octets." (6.5.2, SETTINGS_MAX_FRAME_SIZE) */
const initialFrameBytes = 16_384;
const maxFrameSizeId = 5;
const settingBytes = 6;

export interface Flow {
  /** The largest frame that this side may send: what the other has announced, at some time. */
  maxFrameBytes(from: Role): number;
  /** Takes a frame in; says when it opens a window wrongly. */
  take(from: Role, frame: Frame): Fault | undefined;
}

export function makeFlow(): Flow {
  /** By who may send. */
  const largest = { client: initialFrameBytes, server: initialFrameBytes };
  /** By who may send: the window of the connection. */
  const windows = { client: initialWindow, server: initialWindow };

  function open(from: Role, frame: Frame): Fault | undefined {
    const increment = frame.payload.readUInt32BE() & maxWindow;
    if (increment === 0) return fault('noIncrement', 'an increment of 0');
    if (frame.stream !== 0) return undefined;
    const sender = otherThan(from);
    windows[sender] += increment;
    return windows[sender] > maxWindow ? fault('windowTooLarge', `${windows[sender]} octets`) : undefined;
  }

  function announce(from: Role, { payload, flags }: Frame): void {
    if (flags & frameFlag.ACK) return;
    for (let at = 0; at + settingBytes <= payload.length; at += settingBytes) {
      const sender = otherThan(from);
      if (payload.readUInt16BE(at) === maxFrameSizeId)
        largest[sender] = Math.max(largest[sender], payload.readUInt32BE(at + 2));
    }
  }

  return {
    maxFrameBytes: (from) => largest[from],
    take(from, frame) {
      if (frame.type === frameType.DATA) windows[from] -= frame.length;
      else if (frame.type === frameType.SETTINGS) announce(from, frame);
      else if (frame.type === frameType.WINDOW_UPDATE) return open(from, frame);
      return undefined;
    },
  };
}

function otherThan(role: Role): Role {
  return role === 'client' ? 'server' : 'client';
}
