import { expect, it } from 'vitest';
import { type Address, home, readAddress, writeAddress } from './address.ts';

it.each<readonly [string, Partial<Address>]>([
  ['', {}],
  ['#view=latency', { view: 'latency' }],
  ['#q=client:alpha%20is:failed', { query: 'client:alpha is:failed' }],
  ['#q=is:failed,broken', { query: 'is:failed,broken' }],
  ['#at=alpha/beta', { at: 'alpha/beta' }],
  ['#at=alpha@1.2/beta', { at: 'alpha@1.2/beta' }],
  ['#at=alpha/beta/pick/one&round=3', { at: 'alpha/beta/pick/one', round: 3 }],
  ['#folds=manage/pick,!manage/size', { folds: ['manage/pick', '!manage/size'] }],
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

it('a link that a program on its way encoded is read all the same', () => {
  expect(readAddress('#at=alpha%2Fbeta%2Fpick%2Fone').at).toBe('alpha/beta/pick/one');
});

it.each(['#', '#view=nothing', '#round=-1', '#round=x', '#round=1.5', '#changed=2', '#%', '#q'])(
  'of %s is read what is known',
  (hash) => {
    expect(readAddress(hash)).toEqual(home);
  },
);
