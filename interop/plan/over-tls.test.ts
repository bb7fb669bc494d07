import { expect, it } from 'vitest';
import { aPlannedCall, aScenario } from '../fixtures/values.ts';
import { isEncrypting, overTls } from './over-tls.ts';

const calls = { do: 'calls', pace: 'in-turn', calls: [aPlannedCall()] } as const;

it('every call and every listener is encrypted, and nothing else is changed', () => {
  const plain = aScenario('a/b', {
    steps: [calls, { do: 'close' }, { do: 'listen' }, { do: 'pause', ms: 1 }],
  });
  const { tls, needs, steps, ...same } = overTls(plain);
  expect(tls).toEqual({ identity: 'good' });
  expect(needs).toEqual({
    client: [...plain.needs.client, 'tls'],
    server: [...plain.needs.server, 'listen', 'tls'],
  });
  const [first, ...others] = steps;
  const [call] = first?.do === 'calls' ? first.calls : [];
  expect(call?.spec).toEqual({ ...aPlannedCall().spec, tls: { serverName: 'stitch.test' } });
  expect(call?.expect).toEqual({
    ...aPlannedCall().expect,
    handshake: { serverName: 'stitch.test', server: 'good' },
  });
  expect(others).toEqual([
    { do: 'close' },
    { do: 'listen', tls: { identity: 'good' } },
    { do: 'pause', ms: 1 },
  ]);
  expect(plain).toMatchObject(same);
});

it('a scenario about encryption stays as it is', () => {
  const scenario = aScenario('tls/b', { needs: { client: ['tls'], server: ['tls'] } });
  expect(overTls(scenario)).toBe(scenario);
});

it('a plan encrypts when a scenario of it does, or a server that runs already', () => {
  const [plain, about] = [aScenario('a/b'), overTls(aScenario('a/b'))];
  expect(isEncrypting({ scenarios: [plain], peers: [{}] })).toBe(false);
  expect(isEncrypting({ scenarios: [plain, about], peers: [{}] })).toBe(true);
  expect(isEncrypting({ scenarios: [plain], peers: [{}, { tls: { ca: 'one' } }] })).toBe(true);
});
