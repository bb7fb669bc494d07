import { describe, expect, it } from 'vitest';
import { isNamingCases, isRunOnceACase } from '../peers/stranger.ts';
import { valuesOfCase } from './placeholders.ts';

describe('a program that is run once a case', () => {
  it('is told the name of the case, or what is behind its slash', () => {
    expect(valuesOfCase('127.0.0.1:6000', 'testing/empty_unary')).toEqual({
      address: '127.0.0.1:6000',
      host: '127.0.0.1',
      port: '6000',
      case: 'testing/empty_unary',
      'case:word': 'empty_unary',
    });
  });

  it.each(['{case}', '{case:word}'])('by %s', (arg) => {
    const client = { features: [], args: ['{address}', arg], output: 'none' } as const;
    expect(isNamingCases({ client })).toBe(true);
    expect(isRunOnceACase({ client })).toBe(true);
    expect(isNamingCases({ client: { ...client, args: ['{address}'] } })).toBe(false);
  });
});
