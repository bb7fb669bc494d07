import { string } from '../../session/codec.ts';
import { pickOne, requestOf } from '../calls.ts';
import type { Check } from '../check.ts';
import { attendReady, endOf } from '../listening.ts';
import type { Subject } from '../subject.ts';

/** Something of a call that no client knows, or this one does not claim. */
interface Unknown {
  /** What it is, and the id of the call: `method`. */
  readonly id: string;
  readonly call: object;
  readonly channel?: object;
}

const send = requestOf('Stitch').toString('base64');
const method: Unknown = { id: 'method', call: { method: '/nobody.Knows/It', steps: [{ send: '' }] } };
const compression: Unknown = {
  id: 'compression',
  call: { method: pickOne, compression: 'unheard-of', steps: [{ send }] },
};
const tls: Unknown = {
  id: 'tls',
  call: { method: pickOne, steps: [{ send }] },
  channel: { tls: { serverName: 'nobody' } },
};

/** "A call with something that the client does not know or has not claimed is `ended` with `unsupported`" */
export function unknownCallsCheck(subject: Subject, needs: readonly Check[]): Check {
  return {
    name: 'client answers a call that it does not know how to make',
    section: subject.section,
    needs,
    hint: 'end a call with a method or a compression that is not known, or with something that you do not claim ("tls"), by {"ended":{"id":ID,"unsupported":WHAT}}: no crash, no silence, and no other call in its place',
    async run(signal) {
      const isClaimed = subject.peer.client?.features.includes('tls') ?? false;
      await using client = await attendReady(subject, 'client', signal);
      const address = `${await subject.starter.harnessHost()}:1`;
      for (const { id, call, channel } of [method, compression, ...(isClaimed ? [] : [tls])]) {
        client.instruct(id, { call: { ...call, channel: { address, ...channel } } });
        const ended = await client.heard(
          `the end of a call whose ${id} it cannot know`,
          (json) => endOf(json, id),
          subject.limits.callMs,
          signal,
        );
        if (string(ended, 'unsupported') === '')
          throw client.fault(`ended a call whose ${id} it cannot know without "unsupported"`);
      }
      return '';
    },
  };
}
