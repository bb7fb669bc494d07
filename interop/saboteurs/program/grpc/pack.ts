import { Code } from '../../../model/status.ts';
import type { Behaviour } from '../behaviour.ts';
import type { Frame } from './frame.ts';
import { StatusError } from './status-error.ts';

/** The message in the frame. Rejects with a StatusError that says why it cannot be had. */
export async function unpack(
  { compressed, bytes }: Frame,
  encoding: string | undefined,
  limitBytes: number,
  behaviour: Behaviour,
): Promise<Buffer> {
  if (!compressed) return bytes;
  if (encoding !== 'gzip')
    throw new StatusError(Code.INTERNAL, `a message is compressed with ${encoding ?? 'nothing'}`);
  const message = await behaviour.gunzips(bytes, limitBytes).catch((error: Error) => {
    throw new StatusError(Code.INTERNAL, error.message);
  });
  if (message.length > limitBytes)
    throw new StatusError(Code.RESOURCE_EXHAUSTED, 'a message is too large when it is decompressed');
  return message;
}
