/** A server that runs already over TLS, with clients of which one tells its keys and one does not. */
import { type ClientHttp2Session, connect } from 'node:http2';
import tls from 'node:tls';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { secureOptions } from '../dial/secure.ts';
import { types } from '../fixtures/manage.ts';
import { aService, type Handler, type Service } from '../fixtures/service.ts';
import { aCell, aPeer, aRecord, aScenario, askFor } from '../fixtures/values.ts';
import { type ClientSession, defaultLimits, type RunningServer } from '../launch/launcher.ts';
import { payloadOf } from '../messages/payload.ts';
import { hostAndPort } from '../model/address.ts';
import type { Call } from '../model/call.ts';
import { wireOf } from '../model/evidence.ts';
import type { ClientPem } from '../model/tls.ts';
import { makeAuthority } from '../pki/pki.ts';
import { converse } from '../reflection/conversation.ts';
import { openForeignServer } from '../session/foreign-server.ts';
import { methodsOf } from '../wire/methods.ts';
import { tapServer } from '../wire/tap.ts';
import { makeKeyLog } from '../wire/tls/secrets.ts';
import { attempt } from './attempt.ts';
import { makeSlot } from './slot.ts';

const { signal } = new AbortController();
const keys = makeKeyLog();
const sessions: ClientHttp2Session[] = [];
let service: Service;
let server: RunningServer;

beforeAll(async () => {
  const authority = await makeAuthority('an authority');
  const { chain: cert, key } = await authority.issue({ names: ['shop.test'] });
  const [row] = aRecord().responses;
  const method = types.methods.get('/Manage/PickOne');
  if (!method || row?.json === undefined) throw new Error('no row');
  const reply = Buffer.from(payloadOf(method.response, row.json, types.registry).bytes, 'base64');
  const pick: Handler = async ({ requests, send, end }) => {
    for await (const _ of requests) {
      send(reply);
      return end(0);
    }
  };
  service = await aService({ '/Manage/PickOne': pick }, Infinity, { cert, key });
  const { address } = service;
  const mine = aPeer('mine', { address, tls: { ca: authority.pem, serverName: 'shop.test' } });
  const found = await openForeignServer(mine, address, defaultLimits, signal);
  const read = async () => {};
  server = await tapServer(found, '127.0.0.1', methodsOf(types), () => true, { secrets: keys.secrets, read });
});
afterAll(async () => {
  for (const session of sessions) session.destroy();
  await server.stop();
  service[Symbol.dispose]();
});

/** A client on node:http2, which encrypts as it is told with the call. */
function aClient(tellsKeys: boolean): ClientSession {
  const [request] = [askFor('Stitch')].map(({ send }) => Buffer.from(send.bytes, 'base64'));
  async function call({ id, address, method }: Call, _name?: string, pem?: ClientPem) {
    if (!pem) throw new Error('is to be encrypted, and nobody says how');
    const socket = tls.connect({ ...hostAndPort(address), ...secureOptions(pem) });
    if (tellsKeys) socket.on('keylog', (line: Buffer) => keys.add(String(line)));
    const session = connect(`https://${address}`, { createConnection: () => socket });
    sessions.push(session);
    await converse(session, method).ask(request ?? Buffer.alloc(0));
    return [aRecord({ id })];
  }
  return { call, fault: undefined, logMark: () => 0, logSince: () => [] } as unknown as ClientSession;
}

function played(client: ClientSession) {
  const stand = { client: makeSlot(async () => client), server: makeSlot(async () => server) };
  return attempt(aCell('beta/mine/pick/one'), aScenario('pick/one'), stand, 'c0', signal);
}

it('is called encrypted, and each cell has the connections of its own client', async () => {
  const sealed = await played(aClient(false));
  expect(sealed.outcome).toEqual({ kind: 'passed' });
  const [one] = sealed.evidence;
  expect(one && wireOf(one)).toMatchObject({ streams: [], troubles: [{ kind: 'opaque' }] });
  const opened = await played(aClient(true));
  expect(opened.outcome).toEqual({ kind: 'passed' });
  const [other] = opened.evidence;
  expect(other?.call.tls).toEqual({ serverName: 'shop.test' });
  const wire = other && wireOf(other);
  expect(wire).toMatchObject({
    streams: [{ response: { headers: [{ value: '200' }, {}, {}] } }],
    troubles: [],
  });
  expect(wire?.handshakes).toMatchObject([
    {
      serverName: 'shop.test',
      protocol: 'h2',
      serverCertificates: [expect.stringMatching(/^CN=a leaf, for shop\.test, /)],
    },
  ]);
  expect(JSON.stringify([sealed, opened])).not.toContain('-----BEGIN');
});
