import { describe, expect, it } from 'vitest';
import { aPeer, aPlannedCall, askFor } from '../fixtures/values.ts';
import type { CallSpec } from '../model/call.ts';
import type { ClientPart } from '../model/peer.ts';
import {
  argumentsOf,
  filled,
  isCarried,
  isNamingCalls,
  isNamingScripts,
  isRunOnceACase,
  piecesOf,
  valuesOfCall,
} from './stranger.ts';

function stranger(client: Partial<ClientPart>) {
  return aPeer('mine', { client: { features: [], output: 'none', ...client } });
}

function asking(name: string, more: Partial<CallSpec> = {}): CallSpec {
  return aPlannedCall({}, { steps: [askFor(name)], ...more }).spec;
}

describe('what a client is told', () => {
  it.each<readonly [readonly string[], boolean]>([
    [['{address}', '{method}'], false],
    [['{address}', '{request:json}'], false],
    [['{address}', '{name}'], false],
    [['{address}', '--case', '{case}'], true],
    [['{host}', '{port}', '{descriptors}', '{timeout-ms}'], true],
  ])('%j: it is run once a case: %s', (args, is) => {
    expect(isRunOnceACase(stranger({ args }))).toBe(is);
  });

  it('is a case for no peer', () => {
    expect(isRunOnceACase(aPeer('alpha'))).toBe(false);
  });

  it('are ids and names of scripts when it is given them, and not by one run for several calls', () => {
    const told = stranger({ args: ['{address}', '{name}'], env: { ID: '{call-id}' } });
    expect([isNamingCalls(told), isNamingScripts(told)]).toEqual([true, false]);
    const all = stranger({ args: ['{address}', '{name}', ['-H', '{metadata:key}: {metadata:value}']] });
    expect([isNamingCalls(all), isNamingScripts(all)]).toEqual([true, true]);
    const once = stranger({ args: ['{address}', '{script}', '{call-id}'] });
    expect([isNamingCalls(once), isNamingScripts(once)]).toEqual([false, false]);
    expect([isNamingCalls(aPeer('alpha')), isNamingScripts(aPeer('alpha'))]).toEqual([true, true]);
  });
});

describe('arguments', () => {
  const values = { address: 'a:1', key: ['a', 'b'], value: ['1', '2'], none: [], one: ['x'] };

  it.each<readonly [NonNullable<ClientPart['args']>, readonly string[]]>([
    [
      ['{address}', '{unknown}'],
      ['a:1', '{unknown}'],
    ],
    [[['-H', '{key}: {value}']], ['-H', 'a: 1', '-H', 'b: 2']],
    [
      ['-x', ['-t', '{none}'], ['--one={one}']],
      ['-x', '--one=x'],
    ],
    [
      [['-a', '{address}'], '[{none}]'],
      ['-a', 'a:1', '[]'],
    ],
    [[['-at', '{address}', '{key}']], ['-at', 'a:1', 'a', '-at', 'a:1', 'b']],
  ])('%j', (args, wanted) => {
    expect(argumentsOf(args, values)).toEqual(wanted);
  });

  it('ask for no value that they do not hold: it may be fifty times a mebibyte', () => {
    const all = {
      a: ['1', '2'],
      get b(): string {
        throw new Error('nobody asked');
      },
    };
    expect(argumentsOf(['-x', ['-a', '{a}']], all)).toEqual(['-x', '-a', '1', '-a', '2']);
  });

  it('of many lines are one, which is not put together where pieces will do', () => {
    const long = 'x'.repeat(1 << 20);
    const values = { all: { lines: Array.from({ length: 4_096 }, () => long) }, key: ['a', 'b'] };
    const pieces = [...piecesOf('<{all}>', values)];
    expect(pieces.length).toBe(2 * 4_096 + 1);
    expect(pieces.slice(0, 4).map(({ length }) => length)).toEqual([1, 1 << 20, 1, 1 << 20]);
    const two = { ...values, all: { lines: ['1', '2'] } };
    expect(argumentsOf([['{key}={all}']], two)).toEqual(['a=1\n2', 'b=1\n2']);
  });

  it('hold values that look like placeholders as they are', () => {
    expect(filled('{a}{b}', { a: '{b}', b: 'x' })).toBe('{b}x');
  });

  it('say all of a call', () => {
    const call = asking('Stitch', {
      timeoutMs: 1_500,
      compression: 'gzip',
      metadata: [
        { key: 'stitch-script', text: 'a/b' },
        { key: 'x-bin', binary: 'AAE=' },
      ],
      steps: [{ ...askFor('Stitch'), times: 2 }, askFor('Gigi')],
    });
    expect(valuesOfCall(call)).toEqual({
      method: 'Manage/PickOne',
      'request:json': { lines: ['{"name":"Stitch"}', '{"name":"Stitch"}', '{"name":"Gigi"}'] },
      name: 'Stitch',
      'name:json': '"Stitch"',
      script: ['a/b'],
      'metadata:key': ['stitch-script', 'x-bin'],
      'metadata:value': ['a/b', 'AAE='],
      'timeout-ms': ['1500'],
      'timeout-s': ['1.5'],
      compression: ['gzip'],
    });
  });
});

describe('a command line', () => {
  const byName = { args: ['{address}', '{name}'] };
  const byJson = { args: ['{address}', '{request:json}'] };
  const byInput = { args: ['{address}'], input: '{name}' };
  const byVariable = { args: ['{address}'], env: { NAME: '{name}' } };
  const long = 'x'.repeat(128 * 1024);

  it.each<readonly [string, string, Partial<ClientPart>, boolean]>([
    ['carries a name', 'Stitch', byName, true],
    ['carries no NUL', 'Sti\0tch', byName, false],
    ['carries a NUL that JSON spells out', 'Sti\0tch', byJson, true],
    ['carries no half of a character', 'Sti\ud83dtch', byName, false],
    ['carries no more than 128 KiB in an argument', long, byName, false],
    ['carries no more than 128 KiB in JSON', long, byJson, false],
    ['has an environment, which carries no NUL', 'Sti\0tch', byVariable, false],
    ['needs not carry what standard input does', `${long}\0`, byInput, true],
  ])('%s', (_, name, client, is) => {
    // What is sent matters, and not its bytes.
    const call = asking('', { steps: [{ send: { json: { name }, bytes: '' } }] });
    expect(isCarried(stranger(client), call)).toBe(is);
    expect(isCarried(aPeer('alpha'), call)).toBe(true);
  });

  it('has an end, whatever the length of each argument', () => {
    const args = Array.from({ length: 10 }, () => '{name}');
    expect(isCarried(stranger({ args }), asking('x'.repeat(120 * 1024)))).toBe(false);
  });
});
