import { once } from 'node:events';
import { UsageError } from '../errors.ts';
import { printable } from '../report/text.ts';
import { answerText, messagesText } from '../witness/say.ts';
import { byHand } from './by-hand.ts';
import { complain } from './complain.ts';
import type { Options } from './options.ts';
import { contractsOf, peerNamed } from './select.ts';

const defaultPort = 6000;

/** `serve PEER`: one server by hand, until Ctrl-C or until it ends by itself. */
export async function serveCommand(options: Options): Promise<number> {
  const peer = await peerNamed(options.words[0], options);
  if (!peer.server) throw new UsageError(`${peer.name} does not play the server`);
  const { types } = await contractsOf(options);
  return byHand(peer, types, options, async (launcher, signal) => {
    await using server = await launcher.serve(peer, signal, options.port ?? defaultPort);
    const { library, libraryVersion, language, languageVersion } = server.implementation;
    const made = library === '' ? '' : ` (${library} ${libraryVersion}, ${language} ${languageVersion})`;
    complain(`${peer.name} server${made} listens on ${server.address}; Ctrl-C ends it`);
    server.onServed((record) => {
      const answer = record.cancelled ? 'cancelled' : answerText(record);
      const line = options.json
        ? JSON.stringify(record)
        : `${record.method} ${messagesText(record.requests)} → ${answer}`;
      process.stdout.write(`${options.json ? line : printable(line)}\n`);
    });
    const ended = await Promise.race([server.faulted, once(signal, 'abort').then(() => undefined)]);
    if (!ended) return 0;
    complain(ended.message);
    return 1;
  });
}
