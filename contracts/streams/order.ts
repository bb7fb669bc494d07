import { calling, end, inTurn, receiveAll, text } from '../../interop/contract/builder.ts';
import type { Scenario } from '../../interop/model/scenario.ts';
import { Code } from '../../interop/model/status.ts';
import { chat, download, type Service, script, upTo } from './service.ts';
import { source } from './source.ts';

const independent = source(
  'concepts',
  'The two streams operate independently, so clients and servers can read and write in whatever order they like.',
);

/** Who speaks when. */
export function order(service: Service): readonly Scenario[] {
  return [pingPong(service), serverFirst(service), headersFirst(service), together(service)];
}

function pingPong({ scenario, send, items }: Service): Scenario {
  const name = 'streams/ping-pong';
  return scenario({
    name,
    title: 'Twenty times a message and the answer to it, one after the other.',
    source: independent,
    steps: [
      inTurn({
        spec: calling(
          chat,
          upTo(20).flatMap((number) => [send(number), { receive: 1 }]),
        ),
        script: script(
          name,
          ...upTo(20).flatMap((number) => [{ receive: 1 }, send(number)]),
          receiveAll,
          end(),
        ),
        expect: { code: Code.OK, responses: items(...upTo(20)), served: 'answered' },
      }),
    ],
  });
}

function serverFirst({ scenario, send, items }: Service): Scenario {
  const name = 'streams/server-first';
  return scenario({
    name,
    title: 'A server that speaks before the client has sent a message is heard.',
    source: independent,
    steps: [
      inTurn({
        spec: calling(chat, [{ receive: 1 }, send(2)]),
        script: script(name, send(1), { receive: 1 }, send(3), receiveAll, end()),
        expect: { code: Code.OK, responses: items(1, 3), served: 'answered' },
      }),
    ],
  });
}

function headersFirst({ scenario, send, items }: Service): Scenario {
  const name = 'streams/headers-first';
  const [headers, trailers] = [[text('x-first', 'headers')], [text('x-last', 'trailers')]];
  return scenario({
    name,
    title:
      'Headers that are sent before the first message, and trailers behind the last, arrive at the client.',
    source: source(
      'http2',
      'Response → (Response-Headers *Length-Prefixed-Message Trailers) / Trailers-Only',
    ),
    steps: [
      inTurn({
        spec: calling(download, [send(0)]),
        script: script(
          name,
          { headers },
          { receive: 1 },
          { waitMs: 50 },
          send(1),
          send(2),
          end({ trailers }),
        ),
        expect: {
          code: Code.OK,
          responses: items(1, 2),
          headers,
          trailers,
          headersFirst: true,
          served: 'answered',
        },
      }),
    ],
  });
}

function together({ scenario, send, items }: Service): Scenario {
  const name = 'streams/100-at-once';
  return scenario({
    name,
    title: 'A hundred streams at once on one channel each go on to their end.',
    source: independent,
    needs: { client: ['channel'] },
    steps: [
      inTurn({
        spec: calling(chat, [send(1), { receive: 1 }, send(3), { receive: 1 }], { times: 100, atOnce: 100 }),
        script: script(
          name,
          { receive: 1 },
          { waitMs: 100 },
          send(2),
          { receive: 1 },
          send(4),
          receiveAll,
          end(),
        ),
        expect: { code: Code.OK, responses: items(2, 4), served: 'answered' },
      }),
    ],
  });
}
