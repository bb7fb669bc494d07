import { object } from '../session/codec.ts';
import { type Attended, attend } from './attended.ts';
import type { Ward } from './ward.ts';

/** A server program that has said where it listens. */
export interface AttendedServer extends Attended {
  readonly port: number;
  readonly address: string;
}

/** Starts the peer's server on that port (0: the system chooses). Rejects with a PeerError, the program ended, when it announces none. */
export async function attendServer(ward: Ward, signal: AbortSignal, port = 0): Promise<AttendedServer> {
  const program = await attend(ward, ward.peer, 'server', port);
  try {
    const announced = await program.heard('the line with its port', portIn, ward.limits.readyMs, signal);
    return { ...program, port: announced, address: program.addressOf(announced) };
  } catch (error) {
    await program[Symbol.asyncDispose]();
    throw error;
  }
}

/** The port of a `listening` line. */
export function portIn(json: Readonly<Record<string, unknown>>): number | undefined {
  const port = object(json, 'listening')?.port;
  return typeof port === 'number' ? port : undefined;
}
