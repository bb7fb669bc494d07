import { describe, expect, it } from 'vitest';
import { addLatencies, callsOf, countLatencies, quantile } from './latency.ts';

describe('latencies as counts', () => {
  it.each([0.001, 0.0123, 0.4, 1, 1.02, 7.77, 99.9, 12345])('tell %s ms to within 2%%', (ms) => {
    const [[told, calls] = [0, 0], ...more] = countLatencies([ms]);
    expect([calls, more]).toEqual([1, []]);
    expect(Math.abs(told / ms - 1)).toBeLessThan(0.0205);
  });

  it.each([0, -1])('count what a clock says of %s ms as a microsecond', (ms) => {
    expect(countLatencies([ms])).toEqual(countLatencies([0.001]));
  });

  it('put what is alike together, the shortest first', () => {
    expect(countLatencies([5, 1, 5.001, 1.0001]).map(([, calls]) => calls)).toEqual([2, 2]);
    expect(countLatencies([5, 1]).map(([ms]) => Math.round(ms))).toEqual([1, 5]);
    expect(countLatencies([])).toEqual([]);
  });

  it('of several cells add up to those of all their calls', () => {
    const [a, b] = [
      [3, 1, 4, 1, 5],
      [9, 2, 6, 5, 3, 5],
    ];
    const sum = addLatencies([countLatencies(a), countLatencies(b)]);
    expect(sum).toEqual(countLatencies([...a, ...b]));
    expect(callsOf(sum)).toBe(11);
  });
});

describe('a quantile', () => {
  const hundred = countLatencies(Array.from({ length: 100 }, (_, index) => index + 1));
  it.each([
    [0, 1],
    [0.5, 50],
    [0.9, 90],
    [0.99, 99],
    [1, 100],
  ])('of %s is what that share did not exceed', (q, ms) => {
    expect(Math.abs((quantile(hundred, q) ?? 0) / ms - 1)).toBeLessThan(0.0205);
  });

  it('of one call is that call, and of none is none', () => {
    expect(quantile([[2, 1]], 0.99)).toBe(2);
    expect(quantile([], 0.5)).toBeUndefined();
  });
});
