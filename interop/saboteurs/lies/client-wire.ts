/** What a client may send that is not the call it was told to make; catalogue/wire.ts tells what each must break. */
import type { ClientHttp2Session, Http2Session, OutgoingHttpHeaders } from 'node:http2';
import http2 from 'node:http2';
import { setImmediate as turn } from 'node:timers/promises';
import type { Lie } from '../program/behaviour.ts';
import { honest } from '../program/honest.ts';
import { ErrorCode, encodeHttp2, Flag, goAway, Type } from '../program/http2/http2-frame.ts';
import { asIs, type Wire } from '../program/http2/rewriter.ts';
import type { Ended } from '../program/lines.ts';
import { encodeFields, textIn } from './fields.ts';
import { isInstruction } from './metadata.ts';
import { atEach, without } from './rewrites.ts';
import { isQuestion, nameIn } from './rows.ts';
import { says } from './wire.ts';

/** A call of this name is the one that some of them never end. */
const trigger = 'Truxx';

function requests(change: (fields: OutgoingHttpHeaders) => OutgoingHttpHeaders): Lie {
  return { requests: change };
}

/** Begins each stream, gives it up as soon as it has left, and makes the call on a second one. */
function callsAgain(session: Http2Session): void {
  const client = session as ClientHttp2Session;
  const request = client.request.bind(client);
  client.request = (headers, options) => {
    const first = request(headers as OutgoingHttpHeaders, options);
    first.on('error', () => {});
    first.once('ready', async () => {
      await turn();
      first.close(http2.constants.NGHTTP2_CANCEL);
    });
    return request(headers as OutgoingHttpHeaders, options);
  };
}

/** Ends the connection in the middle of the call of that name, behind its message and before the end of its requests. */
function breaksOff(end: (wire: Wire) => void): Lie {
  return atEach(Type.DATA, (frame, wire) => {
    if (!frame.payload.includes(trigger)) return asIs(frame);
    wire.send(encodeHttp2(without(frame, Flag.END_STREAM)));
    end(wire);
    return [];
  });
}

const known = new Map<string, Promise<Ended>>();

export const clientWireLies = {
  'sends-no-te': requests(({ te: _, ...fields }) => fields),
  'says-json': says('application/json'),
  'says-no-request-type': says(undefined),
  gets: requests((fields) => ({ ...fields, ':method': 'GET' })),
  'calls-in-lower-case': requests((fields) => ({
    ...fields,
    ':path': String(fields[':path']).toLowerCase(),
  })),
  'adds-a-query': requests((fields) => ({ ...fields, ':path': `${fields[':path']}?retry=0` })),
  'sends-decimal-timeouts': { sendsTimeout: (ms) => `${(ms / 1000).toFixed(1)}S` },
  'sends-9-digits': { sendsTimeout: (ms) => `${String(ms).padStart(9, '0')}m` },
  'sends-timeouts-without-unit': { sendsTimeout: (ms) => String(Math.round(ms)) },
  'repeats-metadata': {
    takes: (call, make) =>
      make({
        ...call,
        metadata: [...call.metadata, ...call.metadata.filter((entry) => !isInstruction(entry))],
      }),
  },

  'sends-no-message': { frames: () => Buffer.alloc(0) },
  'sends-latin-1': {
    serializes(type, message, to) {
      const bytes = honest.serializes(type, message, to);
      return to === 'wire' && isQuestion(type)
        ? encodeFields([[1, Buffer.from(textIn(bytes, 1), 'latin1')]])
        : bytes;
    },
  },
  'compresses-without-saying': requests(({ 'grpc-encoding': _, ...fields }) => fields),

  'never-half-closes': {
    rewrites() {
      const endless = new Set<number>();
      return (frame) => {
        if (frame.type !== Type.DATA) return asIs(frame);
        if (frame.payload.includes(trigger)) endless.add(frame.stream);
        return [encodeHttp2(endless.has(frame.stream) ? without(frame, Flag.END_STREAM) : frame)];
      };
    },
  },
  'hangs-up-in-a-call': breaksOff((wire) => wire.end()),
  'tears-its-connection': breaksOff((wire) => wire.reset()),
  'goes-away-in-a-call': breaksOff((wire) => {
    wire.send(goAway(0, ErrorCode.INTERNAL_ERROR));
    wire.end();
  }),
  'uses-even-streams': {
    rewrites: () => (frame) => asIs(frame.stream > 0 ? { ...frame, stream: frame.stream + 1 } : frame),
  },
  'sends-no-preface': {
    rewrites: () => (frame) => (frame.type === Type.PREFACE ? [] : asIs(frame)),
  },

  'probes-first': {
    async takes(call, make) {
      await make({ ...call, method: '/Manage/Probe' });
      return make(call);
    },
  },
  'cancels-and-calls-again': { opens: callsAgain },
  'remembers-answers': {
    async takes(call, make) {
      const record = known.get(nameIn(call)) ?? make(call);
      known.set(nameIn(call), record);
      return { ...(await record), id: call.id };
    },
  },
} satisfies Record<string, Lie>;
