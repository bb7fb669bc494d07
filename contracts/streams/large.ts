import { calling, end, inTurn, receiveAll } from '../../interop/contract/builder.ts';
import type { Scenario } from '../../interop/model/scenario.ts';
import { Code } from '../../interop/model/status.ts';
import { download, type Service, script, upload } from './service.ts';
import { source } from './source.ts';

const times = 50;
const waitMs = 300;
/** A mebibyte, in base64. */
const data = Buffer.alloc(1024 * 1024, 'stitch ').toString('base64');

const says = source(
  'flowControl',
  'Flow control is a mechanism to ensure that a receiver of messages does not get overwhelmed by a fast sender.',
);

/** More than fits into the windows of a connection, to a reader that takes its time. */
export function large({ scenario, payload, send, items }: Service): readonly Scenario[] {
  // One for all who send it and await it: it takes its time to be made.
  const message = payload(1, { data });
  const fifty = { send: message, times };
  return [
    scenario({
      name: 'streams/large-download',
      title: 'Fifty messages of a mebibyte arrive at a client that reads slowly.',
      source: says,
      connection: 'own',
      steps: [
        inTurn({
          spec: calling(download, [send(0), { receive: 1 }, { waitMs }, { receive: 9 }, { waitMs }]),
          script: script('streams/large-download', { receive: 1 }, fifty, end()),
          expect: { code: Code.OK, responses: [{ json: message.json, times }], served: 'answered' },
        }),
      ],
    }),
    scenario({
      name: 'streams/large-upload',
      title: 'Fifty messages of a mebibyte arrive at a server that reads slowly.',
      source: says,
      connection: 'own',
      steps: [
        inTurn({
          spec: calling(upload, [fifty]),
          script: script(
            'streams/large-upload',
            { receive: 1 },
            { waitMs },
            { receive: 9 },
            { waitMs },
            receiveAll,
            send(7),
            end(),
          ),
          expect: { code: Code.OK, responses: items(7), served: 'answered' },
        }),
      ],
    }),
  ];
}
