import { describe, expect, it } from 'vitest';
import { type Printed, readOutput } from './output.ts';

const patterns = {
  reply: '^\\{(?=.*"name": "(?<name>[^"]*)"|)(?=.*"id": (?<id>\\d+)|)(?=.*"skill": "(?<skill>[^"]*)"|)',
  status: 'Code: (?<code>\\S+)\\s+Message: (?<message>[^\\n]*)',
};

function read(more: Partial<Printed>, output: Parameters<typeof readOutput>[0] = patterns) {
  return readOutput(output, { stdout: '', stderr: '', clean: true, how: 'exit code 0', ...more });
}

describe('what was printed', () => {
  it.each([
    ['{\n"name": "Stitch",\n"id": 7,\n"skill": "noise"\n}', { name: 'Stitch', id: 7, skill: 'noise' }],
    ['{"skill": "breaking", "name": "Cyber"}', { name: 'Cyber', id: 0, skill: 'breaking' }],
    ['{}', { name: '', id: 0, skill: '' }],
  ])('by a program that ended well is the reply: %s', (stdout, reply) => {
    expect(read({ stdout })).toEqual({ code: 0, message: '', reply });
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
    expect(read({ stderr, clean: false, how: 'exit code 69' })).toEqual({ code, message: 'it is not there' });
    expect(read({ stdout: stderr, clean: false })).toMatchObject({ code });
  });

  it.each<readonly [string, Partial<Printed>, string]>([
    ['no reply', { stdout: 'hello' }, 'the program ended with exit code 0 and printed: hello'],
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
    expect(read(printed)).toEqual({ code: 2, message });
  });

  it('is UNKNOWN with a status when no pattern reads it', () => {
    expect(read({ stderr: 'Code: 5', clean: false }, { reply: '.*' })).toMatchObject({ code: 2 });
  });
});
