import { describe, expect, it } from 'vitest';
import { types } from '../fixtures/manage.ts';
import { type Printed, printedText, readOutput } from './output.ts';

const patterns = {
  response: '^\\{(?=.*"name": "(?<name>[^"]*)"|)(?=.*"id": (?<id>\\d+)|)(?=.*"skill": "(?<skill>[^"]*)"|)',
  status: 'Code: (?<code>\\S+)\\s+Message: (?<message>[^\\n]*)',
};

/** What no program tells that is run once. */
const never = ['headers', 'trailers', 'time'];

const type = types.methods.get('/Manage/PickOne')?.response;

function read(more: Partial<Printed>, output: Parameters<typeof readOutput>[0] = patterns) {
  const printed = { stdout: '', stderr: '', clean: true, how: 'exit code 0', elapsedMs: 5, ...more };
  return readOutput(output, printed, type, types.registry);
}

describe('what was printed', () => {
  it.each([
    ['{\n"name": "Stitch",\n"id": 7,\n"skill": "noise"\n}', { name: 'Stitch', id: 7, skill: 'noise' }],
    ['{"skill": "breaking", "name": "Cyber"}', { name: 'Cyber', skill: 'breaking' }],
    ['{}', {}],
  ])('by a program that ended well is the response: %s', (stdout, json) => {
    expect(read({ stdout })).toEqual({
      code: 0,
      message: '',
      responses: [{ json }],
      untold: ['message', 'details', ...never],
    });
  });

  it.each([
    ['NotFound', 5],
    ['NOT_FOUND', 5],
    ['not_found', 5],
    ['5', 5],
    ['Canceled', 1],
    ['DeadlineExceeded', 4],
  ])('by one that did not is the status: %s', (word, code) => {
    const stderr = `ERROR:\n  Code: ${word}\n  Message: it is not there\n`;
    expect(read({ stderr, clean: false, how: 'exit code 69' })).toEqual({
      code,
      message: 'it is not there',
      responses: [],
      untold: ['details', ...never],
    });
    expect(read({ stdout: stderr, clean: false })).toMatchObject({ code });
  });

  it.each<readonly [string, Partial<Printed>, string]>([
    ['no response', { stdout: 'hello' }, 'the program ended with exit code 0 and printed: hello'],
    ['nothing', {}, 'the program ended with exit code 0 and printed: '],
    [
      'no status',
      { stderr: 'panic', stdout: 'x', clean: false, how: 'signal SIGSEGV' },
      'the program ended with signal SIGSEGV and printed: panic',
    ],
    [
      'a status that is none',
      { stderr: 'Code: Banana\nMessage: x', clean: false, how: 'exit code 1' },
      'the program ended with exit code 1 and printed: Code: Banana; Message: x',
    ],
  ])('that is %s is UNKNOWN, and told', (_, printed, message) => {
    expect(read(printed)).toEqual({ code: 2, message, responses: [], untold: never });
  });

  it('that does not make a response is UNKNOWN, and told with the reason', () => {
    const { code, message } = read({ stdout: '7 x' }, { response: '(?<id>\\d) (?<nam>x)' });
    expect(code).toBe(2);
    expect(message).toMatch(/^the program ended with exit code 0 and printed: 7 x: .*"nam" is unknown$/);
    const printed = { stdout: '{}', stderr: '', clean: true, how: 'exit code 0', elapsedMs: 5 };
    expect(readOutput(patterns, printed, undefined, types.registry)).toMatchObject({ code: 2 });
  });

  it('by a program that logs is on standard error', () => {
    const output = { response: 'Got (?<name>\\w+)' };
    expect(read({ stderr: '2026/11/29 Got Stitch\n' }, output)).toMatchObject({
      code: 0,
      responses: [{ json: { name: 'Stitch' } }],
    });
  });

  it('tells no more than that it is not OK when no pattern reads the status', () => {
    expect(read({ stderr: 'Code: 5', clean: false }, { response: '.*' })).toMatchObject({
      code: 2,
      untold: ['status', 'message', 'details', ...never],
    });
  });

  it('need not have a message', () => {
    const found = read({ stderr: 'NOT_FOUND', clean: false }, { response: '.*', status: '(?<code>[A-Z_]+)' });
    expect(found).toMatchObject({ code: 5, message: '', untold: ['message', 'details', ...never] });
  });
});

describe('what is told of what was printed', () => {
  it.each([
    ['nothing', '', ''],
    ['a line', 'oh\n', 'oh'],
    ['an error above its stack', 'Exception: x\r\n\tat a\r\n\tat b\n', 'Exception: x … at b'],
    ['an error below its stack', 'Traceback:\n  File a\nValueError: x\n\n', 'Traceback: … ValueError: x'],
    ['two lines', 'failed\nbadly', 'failed; badly'],
    ['a long line', 'x'.repeat(300), `${'x'.repeat(200)}…`],
  ])('%s', (_, stderr, text) => {
    expect(printedText({ stdout: 'unheard', stderr: stderr || ' ' })).toBe(text || 'unheard');
  });
});

describe('what was printed in ProtoJSON', () => {
  const json = { response: 'json', status: 'json' };
  const row = { name: 'Stitch', id: 7 };

  it.each<readonly [string, string, readonly object[]]>([
    ['nothing', '', []],
    ['one message', '{"name": "Stitch", "id": 7}\n', [row]],
    ['several, one behind the other', '{"name":"Stitch","id":7}{\n  "id": 7\n}\n\n{}', [row, { id: 7 }, {}]],
    ['several, in a list', '[{"id": 7}, {}]', [{ id: 7 }, {}]],
    ['braces and quotes in a text', '{"name": "a}\\"{"} {}', [{ name: 'a}"{' }, {}]],
    ['integers as texts', '{"id": "7"}', [{ id: 7 }]],
    ['names in camel case, and null', '{"name": null, "id": 7}', [{ id: 7 }]],
  ])('%s', (_, stdout, messages) => {
    expect(read({ stdout }, json)).toEqual({
      code: 0,
      message: '',
      responses: messages.map((each) => ({ json: each })),
      untold: ['message', 'details', ...never],
    });
  });

  it.each([
    ['{"nam": "x"}', /"nam" is unknown/],
    ['{"name": "x"', /ends in the middle of a message/],
    ['hello', /JSON/],
  ])('and is no message: %s', (stdout, why) => {
    const { code, message } = read({ stdout }, json);
    expect(code).toBe(2);
    expect(message).toMatch(why);
    expect(message).toContain(`the program ended with exit code 0 and printed: ${stdout}: `);
  });

  it('is a status, with its details, wherever it stands', () => {
    const details = '[{"@type": "type.googleapis.com/Expirement", "name": "x"}]';
    const stderr = `oh: {no}\n{ "code": 9, "message": "not now", "details": ${details} }`;
    expect(read({ stderr, stdout: '{"id": 7}', clean: false }, json)).toEqual({
      code: 9,
      message: 'not now',
      details: [{ '@type': 'type.googleapis.com/Expirement', name: 'x' }],
      responses: [{ json: { id: 7 } }],
      untold: never,
    });
  });

  it('is a status on standard output, where messages cannot be told from it', () => {
    expect(read({ stdout: '{"code": "NOT_FOUND", "message": "x"}', clean: false }, json)).toEqual({
      code: 5,
      message: 'x',
      responses: [],
      untold: [...never, 'responses'],
    });
  });
});
