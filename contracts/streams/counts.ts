import { calling, end, inTurn, receiveAll } from '../../interop/contract/builder.ts';
import type { CallSpec, Script } from '../../interop/model/call.ts';
import type { Message } from '../../interop/model/message.ts';
import type { Scenario } from '../../interop/model/scenario.ts';
import { Code } from '../../interop/model/status.ts';
import { chat, download, type Service, script, upload, upTo } from './service.ts';
import { source } from './source.ts';

const several: readonly (readonly [word: string, what: string, count: number])[] = [
  ['none', 'no message', 0],
  ['one', 'one message', 1],
  ['many', '100 messages, in order,', 100],
];

/** No, one and many messages, each way. */
export function counts(service: Service): readonly Scenario[] {
  return several.flatMap(([word, what, count]) => [
    downloads(service, word, what, count),
    uploads(service, word, what, count),
    chats(service, word, what, count),
  ]);
}

function downloads(service: Service, word: string, what: string, count: number): Scenario {
  const name = `streams/download-${word}`;
  return answered(service, {
    name,
    title: `Server streaming: ${what} and then the status arrive at the client.`,
    spec: calling(download, [service.send(0)]),
    script: script(name, { receive: 1 }, ...upTo(count).map((number) => service.send(number)), end()),
    responses: service.items(...upTo(count)),
  });
}

function uploads(service: Service, word: string, what: string, count: number): Scenario {
  const name = `streams/upload-${word}`;
  return answered(service, {
    name,
    title: `Client streaming: ${what} and then the half-close arrive at the server.`,
    spec: calling(
      upload,
      upTo(count).map((number) => service.send(number)),
    ),
    script: script(name, receiveAll, service.send(7), end()),
    responses: service.items(7),
  });
}

function chats(service: Service, word: string, what: string, count: number): Scenario {
  const name = `streams/chat-${word}`;
  return answered(service, {
    name,
    title: `Bidirectional streaming: ${what} arrive at the server, and behind the half-close as many at the client.`,
    spec: calling(
      chat,
      upTo(count).map((number) => service.send(number)),
    ),
    script: script(name, receiveAll, ...upTo(count).map((number) => service.send(number)), end()),
    responses: service.items(...upTo(count)),
  });
}

interface Answered {
  readonly name: string;
  readonly title: string;
  readonly spec: CallSpec;
  readonly script: Script;
  readonly responses: readonly Message[];
}

function answered({ scenario }: Service, { name, title, spec, script, responses }: Answered): Scenario {
  return scenario({
    name,
    title,
    source: source('http2', 'Request → Request-Headers *Length-Prefixed-Message EOS'),
    steps: [inTurn({ spec, script, expect: { code: Code.OK, responses, served: 'answered' } })],
  });
}
