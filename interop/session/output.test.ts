import { describe, expect, it } from 'vitest';
import { types } from '../fixtures/manage.ts';
import { type Printed, readOutput } from './output.ts';

const patterns = {
  response: '^\\{(?=.*"name": "(?<name>[^"]*)"|)(?=.*"id": (?<id>\\d+)|)(?=.*"skill": "(?<skill>[^"]*)"|)',
  status: 'Code: (?<code>\\S+)\\s+Message: (?<message>[^\\n]*)',
};

const type = types.methods.get('/Manage/PickOne')?.response;

function read(more: Partial<Printed>, output: Parameters<typeof readOutput>[0] = patterns) {
  const printed = { stdout: '', stderr: '', clean: true, how: 'exit code 0', ...more };
  return readOutput(output, printed, type, types.registry);
}

describe('what was printed', () => {
  it.each([
    ['{\n"name": "Stitch",\n"id": 7,\n"skill": "noise"\n}', { name: 'Stitch', id: 7, skill: 'noise' }],
    ['{"skill": "breaking", "name": "Cyber"}', { name: 'Cyber', skill: 'breaking' }],
    ['{}', {}],
  ])('by a program that ended well is the response: %s', (stdout, json) => {
    expect(read({ stdout })).toEqual({ code: 0, message: '', responses: [{ json }] });
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
      'the program ended with exit code 1 and printed: Code: Banana\nMessage: x',
    ],
  ])('that is %s is UNKNOWN, and told', (_, printed, message) => {
    expect(read(printed)).toEqual({ code: 2, message, responses: [] });
  });

  it('that does not make a response is UNKNOWN, and told with the reason', () => {
    const { code, message } = read({ stdout: '7 x' }, { response: '(?<id>\\d) (?<nam>x)' });
    expect(code).toBe(2);
    expect(message).toMatch(/^the program ended with exit code 0 and printed: 7 x: .*"nam" is unknown$/);
    const printed = { stdout: '{}', stderr: '', clean: true, how: 'exit code 0' };
    expect(readOutput(patterns, printed, undefined, types.registry)).toMatchObject({ code: 2 });
  });

  it('is UNKNOWN with a status when no pattern reads it', () => {
    expect(read({ stderr: 'Code: 5', clean: false }, { response: '.*' })).toMatchObject({ code: 2 });
  });
});
