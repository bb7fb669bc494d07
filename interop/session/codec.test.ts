import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { aCall, messageOf, stitch } from '../fixtures/values.ts';
import { protoFolder } from '../folders.ts';
import type { Call } from '../model/call.ts';
import {
  decodeCallRecord,
  decodeImplementation,
  decodeLine,
  decodeServedRecord,
  encodeCall,
  encodeProbe,
} from './codec.ts';

const plainLine = {
  id: 'c0.0',
  kind: 'unary',
  address: 'memory:1',
  channel: 'shared',
  method: '/Manage/PickOne',
  request: { name: 'Stitch' },
  metadata: [],
};

describe('a call is a line', () => {
  it.each<[string, Partial<Call>, object]>([
    ['plain', {}, {}],
    ['the empty name', { name: '' }, { request: { name: '' } }],
    ['a timeout', { timeoutMs: 400 }, { timeout: '0.400s' }],
    ['a timeout of thirty days', { timeoutMs: 2_592_000_000 }, { timeout: '2592000.000s' }],
    ['a cancellation', { cancelAfterMs: 1 }, { cancelAfter: '0.001s' }],
    ['waiting for the server', { waitForReady: true }, { waitForReady: true }],
    ['compression', { compression: 'gzip' }, { compression: 'gzip' }],
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
    expect(JSON.parse(encoded)).toEqual({ ...plainLine, ...line });
    expect(encoded).not.toContain('\n');
  });

  it('has every field of proto/peer.proto, and no other', () => {
    const proto = readFileSync(path.join(protoFolder, 'peer.proto'), 'utf8');
    const [, body = ''] = /^message Call \{\n(.*?)^\}/ms.exec(proto) ?? [];
    const fields = [...body.matchAll(/^ {2}(?:repeated )?[\w.]+ (\w+) = \d+;/gm)].map(([, name = '']) =>
      name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase()),
    );
    const everything = aCall({ timeoutMs: 1, cancelAfterMs: 1, waitForReady: true, compression: 'gzip' });
    expect(fields.length).toBeGreaterThan(10);
    expect(Object.keys(JSON.parse(encodeCall(everything)))).toEqual(fields);
  });

  it('never ends in the middle', () => {
    expect(encodeCall(aCall({ name: 'first\nsecond' }))).not.toContain('\n');
  });

  it('of a kind that nobody knows', () => {
    expect(encodeProbe('c0.0?')).toBe('{"id":"c0.0?","kind":"are-you-there"}');
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

describe('what the client says', () => {
  it('is its defaults when it is absent', () => {
    const nothing = { id: '', code: 0, message: '', headers: [], trailers: [], elapsedMs: 0 };
    expect(decodeCallRecord({})).toEqual(nothing);
    expect(decodeCallRecord({ unsupported: '', aMemberThatIsNew: 1 })).toEqual(nothing);
  });

  it('is all there', () => {
    const line = {
      id: 'c0.0',
      code: 5,
      message: 'expirement not found',
      reply: { name: 'Stitch', id: 7, skill: 'making annoyed noise' },
      headers: [{ key: 'a', text: '1' }, { key: 'a' }],
      trailers: [{ key: 'b-bin', binary: 'AP8' }],
      elapsed: '0.0125s',
    };
    expect(decodeCallRecord(line)).toEqual({
      id: 'c0.0',
      code: 5,
      message: 'expirement not found',
      reply: stitch,
      headers: [
        { key: 'a', text: '1' },
        { key: 'a', text: '' },
      ],
      trailers: [{ key: 'b-bin', binary: 'AP8=' }],
      elapsedMs: 12.5,
    });
  });

  it('is that it did not make the call', () => {
    expect(decodeCallRecord({ id: 'x', unsupported: 'call kind "bidi"' })).toMatchObject({
      unsupported: 'call kind "bidi"',
    });
  });

  it('is a whole reply when row 0 is all absent, and no reply when there is none', () => {
    expect(decodeCallRecord({ reply: {} }).reply).toEqual({ name: '', id: 0, skill: '' });
    expect('reply' in decodeCallRecord({})).toBe(false);
  });

  it.each<[object, string]>([
    [{ id: 7 }, 'has id 7 where a string was wanted'],
    [{ code: '5' }, 'has code "5" where a number was wanted'],
    [{ message: ['a'] }, 'has message ["a"] where a string was wanted'],
    [{ reply: { id: '7' } }, 'has id "7" where a number was wanted'],
    [{ headers: {} }, 'has headers where a list was wanted'],
    [{ headers: ['a'] }, 'has headers "a" where a metadata entry was wanted'],
    [{ trailers: [{ key: 'a', text: 1 }] }, 'has text 1 where a string was wanted'],
    [{ elapsed: '12ms' }, 'has elapsed "12ms" where "1.5s" was wanted'],
    [{ elapsed: 12 }, 'has elapsed 12 where a string was wanted'],
    [{ elapsed: '' }, 'has elapsed "" where "1.5s" was wanted'],
  ])('is wrong: %j', (line, message) => {
    expect(messageOf(() => decodeCallRecord(line as Record<string, unknown>))).toBe(message);
  });
});

describe('what the server says', () => {
  it('is its defaults when it is absent', () => {
    expect(decodeServedRecord({})).toEqual({
      callId: '',
      method: '',
      name: '',
      metadata: [],
      cancelled: false,
      code: 0,
      message: '',
    });
  });

  it('is all there', () => {
    const line = {
      callId: 'c0.0',
      method: '/Manage/PickOne',
      request: { name: 'Stitch' },
      metadata: [{ key: 'b-bin', binary: '_-8' }],
      timeRemaining: '-0.5s',
      cancelled: true,
      code: 1,
      message: 'gone',
      reply: { name: 'Stitch', id: 7, skill: 'making annoyed noise' },
    };
    expect(decodeServedRecord(line)).toEqual({
      callId: 'c0.0',
      method: '/Manage/PickOne',
      name: 'Stitch',
      metadata: [{ key: 'b-bin', binary: '/+8=' }],
      timeRemainingMs: -500,
      cancelled: true,
      code: 1,
      message: 'gone',
      reply: stitch,
    });
  });

  it('tells a deadline that has just passed from none', () => {
    expect(decodeServedRecord({ timeRemaining: '0s' }).timeRemainingMs).toBe(0);
    expect('timeRemainingMs' in decodeServedRecord({})).toBe(false);
  });
});

describe('what a peer says it is', () => {
  it('may be anything, and nothing', () => {
    const nothing = { language: '', languageVersion: '', library: '', libraryVersion: '' };
    expect(decodeImplementation(undefined)).toEqual(nothing);
    expect(decodeImplementation({ language: 'a', languageVersion: '1', library: 'b' })).toEqual({
      language: 'a',
      languageVersion: '1',
      library: 'b',
      libraryVersion: '',
    });
  });
});
