import { describe, expect, it } from 'vitest';
import { UsageError } from '../errors.ts';
import { aCell, messageOf } from '../fixtures/values.ts';
import { type Standing, standings } from '../outcome/matrix.ts';
import { knowing, parseQuery } from './query.ts';

/** Every cell of three peers and four scenarios. */
const peers = ['alpha', 'beta', 'gamma'];
const scenarios = ['pick/stitch', 'unknown/empty', 'unknown/64-kib', 'status/not-found'];
const all = peers.flatMap((client) =>
  peers.flatMap((server) => scenarios.map((scenario) => `${client}/${server}/${scenario}`)),
);

function selected(...words: readonly string[]): readonly string[] {
  const query = parseQuery(words);
  return all.filter((id) => query.matches(aCell(id)));
}

function those(isOne: (client: string, server: string, scenario: string) => boolean): readonly string[] {
  return all.filter((id) => {
    const { client, server, scenario } = aCell(id);
    return isOne(client, server, scenario);
  });
}

describe('a query', () => {
  it.each<[string, readonly string[], Parameters<typeof those>[0]]>([
    ['no words are everything', [], () => true],
    ['a key', ['client:alpha'], (client) => client === 'alpha'],
    ['a list', ['server:alpha,beta'], (_, server) => server !== 'gamma'],
    [
      'words of one key widen each other',
      ['client:alpha', 'client:beta'],
      (client) => client === 'alpha' || client === 'beta',
    ],
    [
      'different keys narrow each other',
      ['client:alpha', 'server:beta'],
      (client, server) => client === 'alpha' && server === 'beta',
    ],
    [
      'three keys are one cell',
      ['client:alpha', 'server:beta', 'scenario:pick/stitch'],
      (client, server, scenario) => client === 'alpha' && server === 'beta' && scenario === 'pick/stitch',
    ],
    ['a key negated', ['!client:alpha'], (client) => client !== 'alpha'],
    [
      'negations all hold',
      ['!client:alpha', '!server:beta'],
      (client, server) => client !== 'alpha' && server !== 'beta',
    ],
    ['a negated list excludes each', ['!client:alpha,beta'], (client) => client === 'gamma'],
    [
      'a negation takes away from what is selected',
      ['client:alpha', '!server:alpha'],
      (client, server) => client === 'alpha' && server !== 'alpha',
    ],
    ['a glob', ['client:*a'], () => true],
    ['a glob in the middle', ['client:a*a'], (client) => client === 'alpha'],
    ['a glob at the beginning', ['server:*mma'], (_, server) => server === 'gamma'],
    ['a glob of everything', ['server:*'], () => true],
    ['a glob over a group', ['scenario:unknown/*'], (_, __, scenario) => scenario.startsWith('unknown/')],
    ['a glob over words of all groups', ['scenario:*/*t*'], (_, __, scenario) => /t/.test(scenario.slice(6))],
    ['a scenario by its group', ['scenario:unknown'], (_, __, scenario) => scenario.startsWith('unknown/')],
    ['a scenario by its last word', ['scenario:stitch'], (_, __, scenario) => scenario === 'pick/stitch'],
    ['a bare peer, on either side', ['beta'], (client, server) => client === 'beta' || server === 'beta'],
    ['a bare group', ['unknown'], (_, __, scenario) => scenario.startsWith('unknown/')],
    ['a bare last word', ['empty'], (_, __, scenario) => scenario === 'unknown/empty'],
    ['a bare scenario', ['pick/stitch'], (_, __, scenario) => scenario === 'pick/stitch'],
    [
      'bare words narrow each other',
      ['alpha', 'beta'],
      (client, server) => [client, server].includes('alpha') && [client, server].includes('beta'),
    ],
    [
      'a bare list is one word',
      ['pick,status'],
      (_, __, scenario) => scenario.startsWith('pick/') || scenario.startsWith('status/'),
    ],
    [
      'a bare word negated',
      ['!beta', '!unknown'],
      (client, server, scenario) =>
        client !== 'beta' && server !== 'beta' && !scenario.startsWith('unknown/'),
    ],
    ['case counts', ['client:Alpha'], () => false],
    ['the beginning of a name is not the name', ['client:alph'], () => false],
    ['half a scenario is none', ['scenario:unknown/'], () => false],
  ])('%s', (_, words, isOne) => {
    expect(selected(...words)).toEqual(those(isOne));
  });

  it.each<[readonly string[], boolean]>([
    [['contract:shop'], true],
    [['contract:sh*,other'], true],
    [['contract:other'], false],
    [['!contract:shop'], false],
    [['contract:shop', 'client:beta'], false],
    // Groups may be called as contracts are.
    [['shop'], false],
  ])('%j selects by the contract', (words, isSelected) => {
    const place = aCell('alpha/beta/pick/stitch');
    expect(parseQuery(words).matches({ ...place, contract: 'shop' })).toBe(isSelected);
    expect(parseQuery(['contract:shop']).matches(place)).toBe(false);
  });

  it('takes nothing but the star for a pattern', () => {
    const query = parseQuery(['client:a.*']);
    expect(query.matches(aCell('a.b/x/y/z'))).toBe(true);
    expect(query.matches(aCell('alpha/x/y/z'))).toBe(false);
  });

  it.each<[readonly string[], readonly Standing[]]>([
    [['is:ok'], ['ok']],
    [['is:passed'], ['ok']],
    [['is:failed'], ['unexpected']],
    [['is:unexpected'], ['unexpected']],
    [['is:broken,flaky'], ['broken', 'flaky']],
    [
      ['is:known', 'is:missing'],
      ['known', 'missing'],
    ],
    [
      ['!is:ok', '!is:unsupported'],
      ['unexpected', 'broken', 'flaky', 'known', 'missing'],
    ],
    [['is:broken', 'client:alpha'], []],
    [['is:broken', 'client:beta'], ['broken']],
  ])('%j selects by how a cell stands', (words, wanted) => {
    const query = parseQuery(words);
    const place = aCell('beta/alpha/pick/stitch');
    expect(query.asksStanding).toBe(true);
    expect(standings.filter((standing) => query.matches({ ...place, standing }))).toEqual(wanted);
    expect(query.matches(place)).toBe(words.every((word) => word.startsWith('!')));
  });

  it('can be told how cells stand', () => {
    const standing = new Map<string, Standing>([
      [all[0] ?? '', 'broken'],
      [all[1] ?? '', 'ok'],
    ]);
    const asked = (word: string) =>
      all.filter((id) => knowing(parseQuery([word]), standing).matches(aCell(id)));
    expect(asked('is:broken')).toEqual([all[0]]);
    expect(asked('!is:ok')).toEqual(all.filter((id) => id !== all[1]));
    expect(knowing(parseQuery(['is:ok']), standing)).toMatchObject({ words: ['is:ok'], asksStanding: true });
  });

  it('asks for no standing without is:', () => {
    expect(parseQuery(['client:alpha', '!beta']).asksStanding).toBe(false);
  });

  it('keeps its words', () => {
    expect(parseQuery(['client:alpha', '!beta']).words).toEqual(['client:alpha', '!beta']);
  });

  it.each([
    [[], true],
    [['client:alpha'], true],
    [['client:alpha', 'client:gamma'], true],
    [['client:al*', 'server:beta', 'scenario:unknown'], true],
    [['!client:beta'], true],
    [['gamma'], true],
    [['!pick/stitch'], true],
    [['!alpha'], true],
    [['client:beta'], false],
    [['client:alpha', 'server:alpha'], false],
    [['!server:beta', 'scenario:unknown'], false],
  ])('%j concerns alpha with beta: %s', (words, does) => {
    const query = parseQuery(words);
    expect(query.concerns({ client: 'alpha', server: 'beta' })).toBe(does);
    const isIn = scenarios.some((scenario) => query.matches(aCell(`alpha/beta/${scenario}`)));
    expect(isIn && !does).toBe(false);
  });

  it.each([
    [
      'peer:alpha',
      'query word "peer:alpha": wanted client:, server:, scenario:, contract: or is:, got peer:',
    ],
    [
      '!side:alpha',
      'query word "!side:alpha": wanted client:, server:, scenario:, contract: or is:, got side:',
    ],
    [':alpha', 'query word ":alpha": wanted client:, server:, scenario:, contract: or is:, got :'],
    [
      'Client:alpha',
      'query word "Client:alpha": wanted client:, server:, scenario:, contract: or is:, got Client:',
    ],
    ['', 'query word "": nothing to look for'],
    ['!', 'query word "!": nothing to look for'],
    ['client:', 'query word "client:": nothing to look for'],
    ['client:alpha,', 'query word "client:alpha,": nothing to look for'],
    ['is:', 'query word "is:": nothing to look for'],
    [
      'is:red',
      'query word "is:red": wanted ok, failed, broken, known, flaky, unsupported or missing, got red',
    ],
    [
      '!is:ok,toString',
      'query word "!is:ok,toString": wanted ok, failed, broken, known, flaky, unsupported or missing, got toString',
    ],
    ['client:,alpha', 'query word "client:,alpha": nothing to look for'],
  ])('says what is wrong with %j', (word, message) => {
    expect(messageOf(() => parseQuery([word]))).toBe(message);
    expect(() => parseQuery([word])).toThrow(UsageError);
  });
});
