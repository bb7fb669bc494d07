import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { types } from '../fixtures/manage.ts';
import { aCall, askFor, messageOf, stitch } from '../fixtures/values.ts';
import { protoFolder } from '../folders.ts';
import { statusWith } from '../messages/status.ts';
import type { Call, Script } from '../model/call.ts';
import {
  decodeCallRecord,
  decodeImplementation,
  decodeLine,
  decodeServedRecord,
  encodeCall,
  encodeScript,
} from './codec.ts';

const method = types.methods.get('/Manage/PickOne');
/** Stitch's row, and a request for it, as they cross. */
const rowBytes = 'CgZTdGl0Y2gQBxoUbWFraW5nIGFubm95ZWQgbm9pc2U=';
const requestBytes = 'CgZTdGl0Y2g=';

const plainLine = {
  channel: { address: 'memory:1', name: 'shared' },
  method: '/Manage/PickOne',
  metadata: [],
  steps: [{ send: requestBytes }],
};

/** The fields of a message of proto/peer.proto, as JSON calls them. */
function fieldsOf(message: string): readonly string[] {
  const proto = readFileSync(path.join(protoFolder, 'peer.proto'), 'utf8');
  const [, body = ''] = new RegExp(`^message ${message} \\{\\n(.*?)^\\}`, 'ms').exec(proto) ?? [];
  return [...body.matchAll(/^ +(?:repeated |optional )?[\w.]+ (\w+) = \d+;/gm)].map(([, name = '']) =>
    name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase()),
  );
}

describe('a call is a line', () => {
  it.each<[string, Partial<Call>, object]>([
    ['plain', {}, {}],
    ['an empty message, which is one', { steps: [askFor('')] }, { steps: [{ send: '' }] }],
    [
      'the same message several times',
      { steps: [{ ...askFor('Stitch'), times: 3 }] },
      { steps: [{ send: requestBytes, times: 3 }] },
    ],
    [
      'steps of every kind, in order',
      { steps: [{ receive: -1 }, { waitMs: 5 }, { close: true }, { cancel: true }] },
      { steps: [{ receive: -1 }, { waitMs: 5 }, { close: true }, { cancel: true }] },
    ],
    ['a timeout', { timeoutMs: 0.5 }, { timeoutMs: 0.5 }],
    ['waiting for the server', { waitForReady: true }, { waitForReady: true }],
    ['compression', { compression: 'gzip' }, { compression: 'gzip' }],
    ['another method’s types', { types: '/Manage/PickTwo' }, { types: '/Manage/PickTwo' }],
    ['a row', { times: 100, atOnce: 7 }, { times: 100, atOnce: 7 }],
    [
      'metadata',
      {
        metadata: [
          { key: 'a', text: '1' },
          { key: 'b-bin', binary: 'AP8=' },
        ],
      },
      {
        metadata: [
          { key: 'a', text: '1' },
          { key: 'b-bin', binary: 'AP8=' },
        ],
      },
    ],
  ])('%s', (_, call, line) => {
    const encoded = encodeCall(aCall(call));
    expect(JSON.parse(encoded)).toEqual({ id: 'c0.0', call: { ...plainLine, ...line } });
    expect(encoded).not.toContain('\n');
  });

  it('has every field of proto/peer.proto, and no other', () => {
    const everything = aCall({
      types: '/a/b',
      timeoutMs: 1,
      waitForReady: true,
      compression: 'gzip',
      times: 2,
      atOnce: 2,
    });
    expect(fieldsOf('Call').length).toBeGreaterThan(8);
    expect(Object.keys(JSON.parse(encodeCall(everything)).call)).toEqual(fieldsOf('Call'));
  });

  it('has no step that proto/peer.proto does not know', () => {
    const steps = [askFor('a'), { close: true }, { receive: 1 }, { waitMs: 1 }, { cancel: true }] as const;
    const { call } = JSON.parse(encodeCall(aCall({ steps })));
    expect(call.steps.flatMap(Object.keys)).toEqual(
      fieldsOf('ClientStep').filter((name) => name !== 'times'),
    );
  });

  it('never ends in the middle', () => {
    expect(encodeCall(aCall({ method: 'first\nsecond' }))).not.toContain('\n');
  });
});

describe('a script', () => {
  const { send } = askFor('Stitch');
  const script: Script = {
    name: 'a/b',
    compression: 'gzip',
    steps: [
      { headers: [{ key: 'x', text: '1' }] },
      { receive: 1 },
      { send, times: 2 },
      { waitMs: 3 },
      { end: { code: 5, message: 'no', details: 'CAU=', trailers: [{ key: 'y-bin', binary: 'AA==' }] } },
    ],
  };

  it('has its messages as bytes, and its end as a status with trailers', () => {
    expect(encodeScript(script)).toEqual({
      name: 'a/b',
      compression: 'gzip',
      steps: [
        { headers: { entries: [{ key: 'x', text: '1' }] } },
        { receive: 1 },
        { send: requestBytes, times: 2 },
        { waitMs: 3 },
        {
          end: {
            status: { code: 5, message: 'no', details: 'CAU=' },
            trailers: [{ key: 'y-bin', binary: 'AA==' }],
          },
        },
      ],
    });
  });

  it('has no field and no step that proto/peer.proto does not know', () => {
    const encoded = JSON.parse(JSON.stringify(encodeScript(script)));
    expect(Object.keys(encoded)).toEqual(fieldsOf('Script'));
    const known = fieldsOf('ServerStep');
    expect(encoded.steps.flatMap(Object.keys).filter((name: string) => !known.includes(name))).toEqual([]);
    expect(Object.keys(encoded.steps.at(-1).end)).toEqual(fieldsOf('End'));
    expect(Object.keys(encoded.steps.at(-1).end.status)).toEqual(fieldsOf('Status'));
  });
});

describe('a line', () => {
  it('is a JSON object', () => {
    expect(decodeLine('{"ended":{}}\r')).toEqual({ ended: {} });
  });

  it.each([
    ['', 'is not JSON'],
    ['listening on 6000', 'is not JSON'],
    ['{"ended":', 'is not JSON'],
    ['null', 'is not a JSON object'],
    ['[]', 'is not a JSON object'],
    ['"ended"', 'is not a JSON object'],
    ['6000', 'is not a JSON object'],
  ])('%j', (line, message) => {
    expect(messageOf(() => decodeLine(line))).toBe(message);
  });
});

const detail = { '@type': 'type.googleapis.com/NameRequest', name: 'who' };
const packed = statusWith(5, 'no', [detail], types.registry);

function client(line: object) {
  return decodeCallRecord(line as Record<string, unknown>, method, types);
}

function server(line: object) {
  return decodeServedRecord(line as Record<string, unknown>, types);
}

describe('what the client says', () => {
  it('is its defaults when it is absent', () => {
    const nothing = {
      id: '',
      code: 0,
      message: '',
      responses: [],
      headers: [],
      trailers: [],
      sent: 0,
      elapsedMs: 0,
    };
    expect(client({})).toEqual(nothing);
    expect(client({ unsupported: '', unusable: '', aMemberThatIsNew: 1 })).toEqual(nothing);
    expect(client({ responses: null, status: null, sent: null })).toEqual(nothing);
  });

  it('is all there', () => {
    const line = {
      id: 'c0.0',
      status: { code: 5, message: 'expirement not found', details: packed },
      responses: [{ bytes: rowBytes }, { bytes: '', times: 2 }],
      headers: [{ key: 'a', text: '1' }, { key: 'a' }],
      trailers: [{ key: 'b-bin', binary: 'AP8' }],
      sent: 3,
      elapsedMs: 12.5,
    };
    expect(client(line)).toEqual({
      id: 'c0.0',
      code: 5,
      message: 'expirement not found',
      details: [detail],
      responses: [{ json: stitch }, { json: {}, times: 2 }],
      headers: [
        { key: 'a', text: '1' },
        { key: 'a', text: '' },
      ],
      trailers: [{ key: 'b-bin', binary: 'AP8=' }],
      sent: 3,
      elapsedMs: 12.5,
    });
  });

  it('is that it did not make the call, or that its runtime would not', () => {
    expect(client({ id: 'x', unsupported: 'compression "br"' })).toMatchObject({
      unsupported: 'compression "br"',
    });
    expect(client({ id: 'x', unusable: 'invalid UTF-8' })).toMatchObject({ unusable: 'invalid UTF-8' });
  });

  it('is an empty message where there is one, and none where there is none', () => {
    expect(client({ responses: [{}] }).responses).toEqual([{ json: {} }]);
    expect(client({ responses: [] }).responses).toEqual([]);
  });

  it('has its details from the trailer, where the library tells of none', () => {
    const trailers = [{ key: 'grpc-status-details-bin', binary: packed }];
    expect(client({ trailers }).details).toEqual([detail]);
    expect(client({ trailers: [{ key: 'grpc-status-details-bin', text: 'x' }] })).not.toHaveProperty(
      'details',
    );
  });

  it('says what is wrong with messages that cannot be read', () => {
    const [broken] = client({ responses: [{ bytes: 'CgZTdA==', times: 2 }] }).responses;
    expect(broken).toEqual({ problem: 'is no Expirement: premature EOF', times: 2 });
    const [strange] = decodeCallRecord({ responses: [{ bytes: rowBytes }] }, undefined, types).responses;
    expect(strange?.problem).toBe(`is of a method that is not described: ${rowBytes}`);
  });

  it.each<[object, string]>([
    [{ id: 7 }, 'has id 7 where a string was wanted'],
    [{ status: { code: '5' } }, 'has code "5" where a number was wanted'],
    [{ status: { message: ['a'] } }, 'has message ["a"] where a string was wanted'],
    [{ status: { details: 7 } }, 'has details 7 where a string was wanted'],
    [{ responses: {} }, 'has responses where a list was wanted'],
    [{ responses: ['a'] }, 'has "a" in responses where an object was wanted'],
    [{ responses: [{ bytes: 7 }] }, 'has bytes 7 where a string was wanted'],
    [{ headers: {} }, 'has headers where a list was wanted'],
    [{ headers: ['a'] }, 'has "a" in headers where an object was wanted'],
    [{ trailers: [{ key: 'a', text: 1 }] }, 'has text 1 where a string was wanted'],
    [{ sent: '1' }, 'has sent "1" where a number was wanted'],
    [{ elapsedMs: '12' }, 'has elapsedMs "12" where a number was wanted'],
  ])('is wrong: %j', (line, message) => {
    expect(messageOf(() => client(line))).toBe(message);
  });
});

describe('what the server says', () => {
  it('is its defaults when it is absent', () => {
    expect(server({})).toEqual({
      callId: '',
      method: '',
      script: '',
      requests: [],
      metadata: [],
      cancelled: false,
      code: 0,
      message: '',
      responses: [],
    });
  });

  it('is all there', () => {
    const line = {
      callId: 'c0.0',
      method: '/Manage/PickOne',
      script: 'a/b',
      metadata: [{ key: 'b-bin', binary: '_-8' }],
      requests: [{ bytes: requestBytes, times: 2 }],
      responses: [{ bytes: rowBytes }],
      timeRemainingMs: -500.5,
      cancelled: true,
      status: { code: 1, message: 'gone', details: packed },
      unusable: 'invalid UTF-8',
      clientName: 'a client',
    };
    expect(Object.keys(line)).toEqual(fieldsOf('Served'));
    expect(server(line)).toEqual({
      callId: 'c0.0',
      method: '/Manage/PickOne',
      script: 'a/b',
      requests: [{ json: { name: 'Stitch' }, times: 2 }],
      metadata: [{ key: 'b-bin', binary: '/+8=' }],
      responses: [{ json: stitch }],
      timeRemainingMs: -500.5,
      cancelled: true,
      code: 1,
      message: 'gone',
      details: [detail],
      unusable: 'invalid UTF-8',
      clientName: 'a client',
    });
  });

  it('tells a deadline that has just passed from none', () => {
    expect(server({ timeRemainingMs: 0 }).timeRemainingMs).toBe(0);
    expect(server({ timeRemainingMs: null })).not.toHaveProperty('timeRemainingMs');
    expect(server({})).not.toHaveProperty('timeRemainingMs');
  });
});

describe('what a peer says it is', () => {
  it('may be nothing, but no kind of messages that nobody knows', () => {
    const nothing = { language: '', languageVersion: '', library: '', libraryVersion: '' };
    expect(decodeImplementation({})).toEqual(nothing);
    const made = {
      language: 'a',
      languageVersion: '1',
      library: 'b',
      libraryVersion: '2',
      messages: 'dynamic',
    };
    expect(decodeImplementation(made)).toEqual(made);
    expect(Object.keys(made)).toEqual(fieldsOf('Ready'));
    expect(messageOf(() => decodeImplementation({ messages: 'guessed' }))).toBe(
      'has messages "guessed" where generated, dynamic, bytes was wanted',
    );
  });
});
