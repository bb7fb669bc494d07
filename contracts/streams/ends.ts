import { calling, end, inTurn, receiveAll, text } from '../../interop/contract/builder.ts';
import type { Scenario } from '../../interop/model/scenario.ts';
import { Code } from '../../interop/model/status.ts';
import { chat, download, type Service, script, upload } from './service.ts';
import { source } from './source.ts';

const waitMs = 200;
/** By then a server has begun with a call, be it a cold one on a busy machine. */
const begunMs = 800;
const longMs = 5_000;

/** How a stream ends before its time. */
export function ends(service: Service): readonly Scenario[] {
  return [
    thenStatus(service),
    serverEndsEarly(service),
    cancelled(service),
    cancelledAfterHalfClose(service),
    cancelledUpload(service),
    deadline(service),
  ];
}

function thenStatus({ scenario, send, items }: Service): Scenario {
  const name = 'streams/then-status';
  const [code, message, trailers] = [Code.UNAVAILABLE, 'broke off', [text('x-why', 'as told')]];
  return scenario({
    name,
    title: 'Two messages and then UNAVAILABLE, with trailers, arrive as they were sent.',
    source: source(
      'http2',
      'Response → (Response-Headers *Length-Prefixed-Message Trailers) / Trailers-Only',
    ),
    steps: [
      inTurn({
        spec: calling(download, [send(0)]),
        script: script(name, { receive: 1 }, send(1), send(2), end({ code, message, trailers })),
        expect: { code, message, trailers, responses: items(1, 2), served: 'answered' },
      }),
    ],
  });
}

function serverEndsEarly({ scenario, send, items, connects }: Service): Scenario {
  const name = 'streams/server-ends-early';
  const [code, message] = [Code.FAILED_PRECONDITION, 'enough'];
  return scenario({
    name,
    title: 'A server that ends the call while the client still sends gives the client its status.',
    source: source(
      'rfc9113',
      'A server can send a complete response prior to the client sending an entire request if the response does not depend on any portion of the request that has not been sent and received.',
    ),
    connection: 'own',
    waits: true,
    steps: [
      inTurn(connects, {
        spec: calling(upload, [send(1), { waitMs }, send(2), { waitMs }, send(3)]),
        script: script(name, { receive: 1 }, end({ code, message })),
        expect: { code, message, requests: items(1), responses: [], served: 'answered' },
      }),
    ],
  });
}

const cancels = source(
  'http2',
  'Client cancellation is performed by the client sending RST_STREAM with CANCEL error code.',
);

function cancelled({ scenario, send, items }: Service): Scenario {
  const name = 'streams/cancelled';
  return scenario({
    name,
    title: 'A stream that is cancelled in the middle is CANCELLED at the client, and the server sees it.',
    source: cancels,
    connection: 'own',
    waits: true,
    steps: [
      inTurn({
        spec: calling(download, [send(0), { receive: 2 }, { cancel: true }]),
        script: script(name, { receive: 1 }, send(1), send(2), { waitMs: longMs }, send(3), end()),
        expect: { code: Code.CANCELLED, responses: items(1, 2), served: 'cancelled' },
      }),
    ],
  });
}

function cancelledAfterHalfClose({ scenario, send, items }: Service): Scenario {
  const name = 'streams/cancelled-after-half-close';
  return scenario({
    name,
    title:
      'A call that is cancelled behind its half-close is CANCELLED at the client, and the server sees it.',
    source: cancels,
    connection: 'own',
    waits: true,
    steps: [
      inTurn({
        spec: calling(chat, [send(1), { close: true }, { receive: 1 }, { cancel: true }]),
        script: script(name, receiveAll, send(2), { waitMs: longMs }, end()),
        expect: { code: Code.CANCELLED, responses: items(2), served: 'cancelled' },
      }),
    ],
  });
}

function cancelledUpload({ scenario, send, connects }: Service): Scenario {
  const name = 'streams/upload-cancelled';
  return scenario({
    name,
    title:
      'An upload that is cancelled is no whole upload: the server sees the cancellation, and no end of the requests.',
    source: source(
      'cancellation',
      'When an RPC is cancelled, the server should stop any ongoing computation and end its side of the stream.',
    ),
    connection: 'own',
    waits: true,
    steps: [
      inTurn(connects, {
        spec: calling(upload, [send(1), send(2), { waitMs: begunMs }, { cancel: true }]),
        script: script(name, receiveAll, send(7), end()),
        expect: { code: Code.CANCELLED, responses: [], served: 'cancelled' },
      }),
    ],
  });
}

function deadline({ scenario, send, items, connects }: Service): Scenario {
  const name = 'streams/deadline';
  return scenario({
    name,
    title:
      'A deadline that passes in the middle of a stream is DEADLINE_EXCEEDED behind the messages before it.',
    source: source('statusCodes', 'Deadline expires before server returns status: DEADLINE_EXCEEDED'),
    connection: 'own',
    waits: true,
    steps: [
      inTurn(connects, {
        // Long enough for a client that has had no turn for a while to read what has come before its timer runs.
        spec: calling(download, [send(0)], { timeoutMs: 1_000 }),
        script: script(name, { receive: 1 }, send(1), send(2), { waitMs: longMs }, send(3), end()),
        expect: {
          code: Code.DEADLINE_EXCEEDED,
          responses: items(1, 2),
          served: 'cancelled',
          elapsedMs: { min: 980, max: 3_000 },
        },
      }),
    ],
  });
}
