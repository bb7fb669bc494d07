/** A service of one's own, as a person brings it: a new contract, reflection, calls by hand, and what is recorded of them. */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compileProtos } from '../contract/compile.ts';
import { aWorkshop, honest, honestProgram } from '../fixtures/project.ts';
import { aService, type Handler, reflection, type Service } from '../fixtures/service.ts';
import { payloadOf } from '../messages/payload.ts';
import { statusWith } from '../messages/status.ts';
import { readTypes } from '../messages/types.ts';
import { unclaimed } from '../model/peer.ts';
import { findPeers } from '../peers/find.ts';
import { honestPeer } from '../saboteurs/peers.ts';
import { newCommand } from '../skeleton/command.ts';
import { callCommand } from './call.ts';
import { listCommand } from './list.ts';
import { readOptions } from './options.ts';
import { schemaCommand } from './schema.ts';

const { folder, project } = aWorkshop('stitch-own-');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const proto = `syntax = "proto3";
package shop.v1;
import "common/money.proto"; enum State { STATE_UNSPECIFIED = 0; SETTLED = 1; }
message Order { int64 amount = 1; string currency = 2; State state = 3; common.Money money = 4; }
message Refusal { string reason = 1; }
service Payments {
  rpc Charge(Order) returns (Order);
  rpc Follow(Order) returns (stream Order);
  rpc Total(stream Order) returns (Order);
  rpc Talk(stream Order) returns (stream Order);
}
`;
const money = 'syntax = "proto3"; package common; message Money { uint64 units = 1; double part = 2; }\n';

let root = '';
beforeAll(() => {
  const { server } = honestPeer;
  // What no manifest claims every client that is a peer has.
  const features = honestPeer.client?.features.filter((each) => !Object.hasOwn(unclaimed, each));
  const client = { features };
  const liar = { process: { command: [process.execPath, honestProgram, '--lie', 'takes-int64-for-double'] } };
  root = project('own', {
    one: honest('one', { server, client }),
    liar: honest('liar', { client, ...liar }),
  });
  mkdirSync(path.join(root, 'protos', 'common'), { recursive: true });
  writeFileSync(path.join(root, 'protos', 'shop.proto'), proto);
  writeFileSync(path.join(root, 'protos', 'common', 'money.proto'), money);
});

async function interop(args: readonly string[], input = '') {
  const options = {
    cwd: root,
    reject: false,
    input,
    env: { NO_COLOR: '1', FORCE_COLOR: undefined, CI: undefined },
  } as const;
  const { exitCode, stdout, stderr } = await execa(process.execPath, ['interop/main.ts', ...args], options);
  return { exitCode, stdout, stderr };
}

/** What the command says against its words, in this process; ROOT is the project's. */
function complaint(args: readonly string[]): Promise<string> {
  const options = readOptions(args.map((each) => each.replace('ROOT', root)));
  const commands = { new: newCommand, schema: schemaCommand, list: listCommand, call: callCommand };
  return commands[options.command as keyof typeof commands](options).then(
    () => 'nothing was wrong',
    (error: Error) => `${error.name === 'UsageError' ? '' : `${error.name}: `}${error.message}`,
  );
}

const asProcess = ['--launcher', 'process'];
const read = (file: string) => readFileSync(path.join(root, file), 'utf8');

async function types() {
  return readTypes(await compileProtos([path.join(root, 'protos')], ['shop.proto']));
}

describe('new contract', () => {
  it('of a .proto runs as it is, and is never overwritten', async () => {
    const made = await interop(['new', 'contract', 'shop', '--proto', 'protos/shop.proto']);
    expect(made).toMatchObject({ exitCode: 0, stderr: '' });
    expect(made.stdout).toMatch(
      /^made shop\/: contract\.yaml, common\/money\.proto, shop\.proto, cases\/charge\.yaml, cases\/follow\.yaml, cases\/total\.yaml, cases\/talk\.yaml, cases\.schema\.json\n/,
    );
    expect(read('shop/cases/charge.yaml')).toMatch(
      /^# yaml-language-server: \$schema=\.\.\/cases\.schema\.json\n/,
    );
    const run = await interop(['--contract', 'shop', '--only', 'one', ...asProcess]);
    expect(run.stdout).toMatch(/^one +4 ✓$/m);
    expect(run.exitCode).toBe(0);
    writeFileSync(path.join(root, 'shop/cases/charge.yaml'), 'mine');
    const again = await interop(['new', 'contract', 'shop', '--proto', 'protos/shop.proto']);
    expect(again).toMatchObject({ exitCode: 2, stdout: '' });
    expect(again.stderr).toMatch(
      /^shop is there already, and nothing is overwritten\n {2}hint: .* schema shop\n?$/,
    );
    expect(read('shop/cases/charge.yaml')).toBe('mine');
  });

  it('has a schema that is made again, also while its cases are wrong', async () => {
    rmSync(path.join(root, 'shop/cases.schema.json'));
    const { exitCode, stdout } = await interop(['schema', 'shop']);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^wrote shop\/cases\.schema\.json; /);
    expect(JSON.parse(read('shop/cases.schema.json'))).toMatchObject({ title: 'cases of a contract' });
  });

  it('of a server is what it says of itself, and runs as it is', async () => {
    const { files } = await types();
    using server = await aService(reflection({ files, services: ['shop.v1.Payments'] }));
    const made = await interop(['new', 'contract', 'told', '--reflect', server.address]);
    expect(made).toMatchObject({ exitCode: 0, stderr: '' });
    expect(existsSync(path.join(root, 'told/told.binpb'))).toBe(true);
    const run = await interop(['--contract', 'told', '--only', 'one', ...asProcess]);
    expect(run.stdout).toMatch(/^one +4 ✓$/m);
    expect(run.exitCode).toBe(0);
  });

  it.each([
    [['new', 'contract'], /^new contract: wanted the name of one folder, got none$/],
    [
      ['new', 'contract', 'a'],
      /^new contract: wanted either --proto FILE or --reflect HOST:PORT: what is called\?/,
    ],
    [['new', 'contract', 'a', '--proto', 'nowhere.proto'], /^nowhere\.proto is not there: looked in \.$/],
    [
      ['new', 'contract', 'a', '--proto', 'ROOT/protos/common/money.proto'],
      /^money\.proto: there is no service to be called$/,
    ],
    [
      ['new', 'contract', 'a', '--reflect', '127.0.0.1:1'],
      /^the server at 127\.0\.0\.1:1 was asked for its reflection: /,
    ],
    [['schema'], /^schema: wanted the folder of one contract, got none$/],
    [
      ['list', '--contract', 'reflect:nowhere'],
      /^--contract reflect:nowhere: wanted an address, as in reflect:127\.0\.0\.1:50051$/,
    ],
  ])('%j ends with a sentence and nothing made', async (args, says) => {
    expect(await complaint(args)).toMatch(says);
    expect(existsSync('a')).toBe(false);
  });
});

describe('reflect:HOST:PORT', () => {
  const ok: Handler = async ({ requests, send, end }) => {
    for await (const request of requests) send(request);
    end(0);
  };
  const first: Handler = async ({ requests, send, end }) => {
    for await (const request of requests) {
      send(request);
      return end(0);
    }
  };
  const told = async (handlers: Readonly<Record<string, Handler>>) => ({
    ...reflection({ files: (await types()).files, services: ['shop.v1.Payments', 'grpc.health.v1.Health'] }),
    ...handlers,
  });

  it('calls every method, and takes any answer that is one', async () => {
    using server = await aService(
      await told({
        '/shop.v1.Payments/Charge': first,
        '/shop.v1.Payments/Follow': ok,
        '/shop.v1.Payments/Total': ({ end }) => end(9, { 'grpc-message': 'no' }),
      }),
    );
    const { exitCode, stdout } = await interop([
      '--contract',
      `reflect:${server.address}`,
      '--only',
      'one',
      ...asProcess,
    ]);
    expect(stdout).toMatch(/^1 client × 1 server × 4 scenarios = 4 cells/);
    expect(stdout).toMatch(/^one +4 ✓$/m);
    expect(exitCode).toBe(0);
  });

  it('listens to a stream without an end for a while', async () => {
    const endless: Handler = ({ send }) => send(Buffer.alloc(0));
    using server = await aService(await told({ '/shop.v1.Payments/Follow': endless }));
    const { exitCode } = await interop([
      '--contract',
      `reflect:${server.address}`,
      '--only',
      'one',
      'follow',
      ...asProcess,
    ]);
    expect(exitCode).toBe(0);
  });

  it('blames a server for what is no answer, and a client that tells another', async () => {
    const { files } = await types();
    const big = Buffer.from(largeAmount, 'hex');
    using server = await aService({
      ...reflection({ files, services: ['shop.v1.Payments'] }),
      '/shop.v1.Payments/Charge': ({ send, end }) => {
        send(big);
        end(0);
      },
      '/shop.v1.Payments/Total': ({ end }) => end(99),
    });
    const words = [
      '--contract',
      `reflect:${server.address}`,
      '--server',
      `mine=${server.address}`,
      ...asProcess,
    ];
    const total = await interop([...words, '--only', 'one', 'total']);
    expect(total.stdout).toMatch(/^✕ mine server fails total\/first with 1 of 1 client$/m);
    const charge = await interop([...words, 'charge']);
    expect(charge.stdout).toMatch(/^✕ liar client fails charge\/first with 1 of 1 server$/m);
    expect([total.exitCode, charge.exitCode]).toEqual([1, 1]);
  });
});

/** `amount`, 2^53 + 1. */
const largeAmount = '088180808080808010';

describe('call', () => {
  /** A detail of a type that the contract does not know, beside one that it does. */
  async function refusal(): Promise<string> {
    const details = [
      { '@type': 'type.googleapis.com/shop.v1.Refusal', reason: 'late' },
      { '@type': 'type.googleapis.com/google.rpc.ErrorInfo', '@bytes': 'CgFh' },
    ];
    return statusWith(9, 'card refused', details, (await types()).registry);
  }

  const order = async (json: object) => {
    const { registry, methods } = await types();
    const type = methods.get('/shop.v1.Payments/Charge')?.request;
    if (!type) throw new Error('no Charge');
    return Buffer.from(payloadOf(type, json as never, registry).bytes, 'base64');
  };

  async function handlers(): Promise<Readonly<Record<string, Handler>>> {
    const [big, small, details] = [
      await order({ amount: '9007199254740993', state: 7, '#15': ['varint 300'] }),
      await order({ amount: '1' }),
      await refusal(),
    ];
    return {
      ...reflection({ files: (await types()).files, services: ['shop.v1.Payments'] }),
      '/shop.v1.Payments/Charge': async ({ requests, headers, send, end }) => {
        for await (const request of requests) {
          if (request.length > 0) {
            headers({ 'x-shard': '3', server: 'of a sort' });
            send(big);
            return end(0, { 'x-cost': '7' });
          }
          return end(9, {
            'grpc-message': 'card refused',
            'grpc-status-details-bin': details.replace(/=+$/, ''),
          });
        }
      },
      '/shop.v1.Payments/Follow': ({ send, end }) => {
        send(big);
        send(small);
        end(14, { 'grpc-message': 'gone' });
      },
      '/shop.v1.Payments/Total': async ({ requests, send, end }) => {
        let count = 0;
        for await (const _ of requests) count += 1;
        send(await order({ amount: String(count) }));
        end(0);
      },
      '/shop.v1.Payments/Talk': async ({ requests, send, end }) => {
        for await (const request of requests) send(request);
        end(0);
      },
    };
  }

  describe('prints the responses of every kind, and records them', () => {
    let server: Service;
    beforeAll(async () => {
      server = await aService(await handlers());
      await interop(['new', 'contract', 'rec', '--proto', 'protos/shop.proto']);
    });
    afterAll(() => server[Symbol.dispose]());

    /** A call that is recorded; `input`: its standard input. */
    function called(method: string, words: readonly string[] = [], input = '') {
      const of = ['call', 'one', server.address, `shop.v1.Payments/${method}`, '--contract', 'rec'];
      return interop([...of, ...words, '--record', 'rec/cases/more.yaml', ...asProcess], input);
    }

    it('one for one', async () => {
      const { stdout, stderr, exitCode } = await called('Charge', [
        '{"amount":"1250"}',
        '--metadata',
        'x-tenant: a',
      ]);
      expect(stdout).toBe('{"amount":"9007199254740993","state":7,"#15":["varint 300"]}');
      expect(stderr).toMatch(
        /^OK, 1 response \([\d.]+ ms\)\nrecorded as "recorded" in rec\/cases\/more\.yaml$/m,
      );
      expect(exitCode).toBe(0);
    });

    it('a status with details', async () => {
      const refused = await called('Charge');
      expect(refused).toMatchObject({ stdout: '', exitCode: 1 });
      expect(refused.stderr).toMatch(
        /^FAILED_PRECONDITION "card refused" with details .*reason: "late".*, 0 responses/m,
      );
    });

    it('many for one, and a status', async () => {
      const follow = await called('Follow', ['{"currency":"EUR"}']);
      expect(follow.stdout.split('\n')).toHaveLength(2);
      expect(follow.stderr).toMatch(/^UNAVAILABLE "gone", 2 responses/m);
    });

    it('one for the lines of standard input', async () => {
      const total = await called('Total', [], '{"amount":"1"}\n\n{"amount":"2"}\n');
      expect(total).toMatchObject({ stdout: '{"amount":"2"}', exitCode: 0 });
    });

    it('one and one', async () => {
      const talk = await called('Talk', [], '{"amount":"1"}\nreceive\n{"amount":"2"}\n');
      expect(talk).toMatchObject({ stdout: '{"amount":"1"}\n{"amount":"2"}', exitCode: 0 });
    });

    it('as cases that are green with scripted servers, and with the server that was called', async () => {
      expect(read('rec/cases/more.yaml')).toBe(recorded);
      const against = ['--server', `mine=${server.address}`, 'client:one', 'server:one,mine'];
      const { stdout, exitCode } = await interop([
        '--contract',
        'rec',
        'scenario:more/*',
        ...against,
        ...asProcess,
      ]);
      expect(stdout).toMatch(/^one +5 ✓ +5 ✓$/m);
      expect(exitCode).toBe(0);
    });
  });

  it('shows the frames, of a method that only the server describes', async () => {
    using server = await aService(await handlers());
    const { stdout, exitCode } = await interop([
      'call',
      'one',
      server.address,
      'shop.v1.Payments/Total',
      '{"amount":"1"}',
      '--evidence',
      ...asProcess,
    ]);
    expect(stdout).toMatch(/^\{"amount":"1"\}\n {4}connection 1, stream \d+\n/);
    expect(stdout).toMatch(/◀─+ {2}HEADERS, .*END_STREAM.*\n +grpc-status: 0 \(OK\)$/m);
    expect(exitCode).toBe(0);
  });

  it('prints what comes when it comes', async () => {
    const { promise: isSeen, resolve } = Promise.withResolvers<void>();
    const first = await order({ amount: '1' });
    using server = await aService({
      ...(await handlers()),
      '/shop.v1.Payments/Follow': async ({ send, end }) => {
        send(first);
        await isSeen;
        end(0);
      },
    });
    const args = ['call', 'one', server.address, 'shop.v1.Payments/Follow', '--reflect', ...asProcess];
    const child = execa(process.execPath, ['interop/main.ts', ...args], {
      cwd: root,
      reject: false,
      stdin: 'ignore',
    });
    child.stdout?.on('data', (chunk: Buffer) => {
      if (chunk.includes('{"amount":"1"}\n')) resolve();
    });
    expect(await child).toMatchObject({ exitCode: 0, stdout: '{"amount":"1"}' });
  });

  it('says when the client tells otherwise than it crossed', async () => {
    using server = await aService(await handlers());
    const words = ['call', 'liar', server.address, 'shop.v1.Payments/Charge', '{"amount":"1"}', '--reflect'];
    const { stdout, stderr } = await interop([...words, ...asProcess]);
    expect(stdout).toContain('"9007199254740993"');
    expect(stderr).toMatch(/^the client tells otherwise than it crossed: OK \{amount: "9007199254740992"/m);
  });

  const known = ['--proto', 'ROOT/protos/shop.proto'];
  it.each([
    [
      ['shop.v1.Payments/Chrage', ...known],
      /no method is named shop\.v1\.Payments\/Chrage; did you mean "shop\.v1\.Payments\/Charge"\?$/,
    ],
    [
      ['shop.v1.Payments/Charge'],
      /no method is named shop\.v1\.Payments\/Charge.*\nthe server at 127\.0\.0\.1:1 was asked for its reflection: /,
    ],
    [
      ['shop.v1.Payments/Charge', '{"amuont":1}', ...known],
      /^call: the request \{"amuont":1\}: .*"amuont" is unknown/,
    ],
    [['shop.v1.Payments/Charge', '{}', '{}', ...known], /takes one request, got 2 requests$/],
    [['shop.v1.Payments/Charge', 'receive', ...known], /takes one request, got 0 requests$/],
    [
      ['shop.v1.Payments/Charge', ...known, '--record', 'package.json'],
      /^package\.json:2: a file of cases: unknown key "name"/,
    ],
    [
      ['shop.v1.Payments/Charge', ...known, '--record', 'a', '--no-wire'],
      /^call: --record and --evidence show what crossed the wire/,
    ],
    [['shop.v1.Payments/Charge', ...known, '--metadata', 'X'], /^--metadata "X": wanted a key in lower case/],
  ])('%j ends with a sentence before anything starts', async (words, says) => {
    const [client] = (await findPeers()).filter((peer) => peer.client);
    expect(await complaint(['call', client?.name ?? '', '127.0.0.1:1', ...words])).toMatch(says);
  });

  it('records nothing of what did not cross', async () => {
    const { exitCode, stderr } = await interop([
      'call',
      'one',
      '127.0.0.1:1',
      'shop.v1.Payments/Charge',
      '--proto',
      'protos/shop.proto',
      '--record',
      'none.yaml',
      ...asProcess,
    ]);
    expect(stderr).toMatch(
      /^UNAVAILABLE .*\nthe server does not answer at 127\.0\.0\.1:1: ECONNREFUSED\n {2}hint: .+\nnothing was recorded: the call was not seen to cross$/m,
    );
    expect({ exitCode, isMade: existsSync(path.join(root, 'none.yaml')) }).toEqual({
      exitCode: 2,
      isMade: false,
    });
  });
});

const recorded = `# yaml-language-server: $schema=../cases.schema.json
method: shop.v1.Payments/Charge
cases:
  - name: recorded
    request: { amount: 1250 }
    response: { amount: 9007199254740993, state: 7, "#15": ["varint 300"] }
    metadata: { x-tenant: a }
    headers: { x-shard: "3" }
    trailers: { x-cost: "7" }
  - name: "recorded 2"
    request: {}
    status:
      code: FAILED_PRECONDITION
      message: "card refused"
      details:
        - { "@type": type.googleapis.com/shop.v1.Refusal, reason: late }
        - { "@type": type.googleapis.com/google.rpc.ErrorInfo, "@bytes": CgFh }
  - name: "recorded 3"
    method: shop.v1.Payments/Follow
    request: { currency: EUR }
    responses:
      - { amount: 9007199254740993, state: 7, "#15": ["varint 300"] }
      - { amount: 1 }
    status: { code: UNAVAILABLE, message: gone }
  - name: "recorded 4"
    method: shop.v1.Payments/Total
    requests:
      - { amount: 1 }
      - { amount: 2 }
    response: { amount: 2 }
  - name: "recorded 5"
    method: shop.v1.Payments/Talk
    exchange:
      - { send: { amount: 1 } }
      - { receive: { amount: 1 } }
      - { send: { amount: 2 } }
      - close
      - { receive: { amount: 2 } }
`;
