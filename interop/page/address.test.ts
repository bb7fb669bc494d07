import { expect, it } from 'vitest';
import { type Address, home, readAddress, writeAddress } from './address.ts';

it.each<readonly [string, Partial<Address>]>([
  ['', {}],
  ['#view=latency', { view: 'latency' }],
  ['#q=client:alpha%20is:failed', { query: 'client:alpha is:failed' }],
  ['#at=alpha/beta', { at: 'alpha/beta' }],
  ['#at=alpha/beta/pick/one&round=3', { at: 'alpha/beta/pick/one', round: 3 }],
  ['#changed=1', { isChangedOnly: true }],
  [
    '#view=scenarios&q=!client:a%26b%3D%25&at=a/b&changed=1',
    { view: 'scenarios', query: '!client:a&b=%', at: 'a/b', isChangedOnly: true },
  ],
])('%s is written and read', (hash, more) => {
  const address = { ...home, ...more };
  expect(writeAddress(address)).toBe(hash);
  expect(readAddress(hash)).toEqual(address);
});

it.each(['#', '#view=nothing', '#round=-1', '#round=x', '#round=1.5', '#changed=2', '#%', '#q'])(
  'of %s is read what is known',
  (hash) => {
    expect(readAddress(hash)).toEqual(home);
  },
);
