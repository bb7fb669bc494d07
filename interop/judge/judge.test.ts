import { describe, expect, it } from 'vitest';
import { anEvidence, aPlannedCall, aRecord, aServed, askFor, stitch, without } from '../fixtures/values.ts';
import type { CallRecord, Metadatum, ServedRecord } from '../model/call.ts';
import type { CallEvidence } from '../model/evidence.ts';
import type { PlannedCall } from '../model/scenario.ts';
import { judge } from './judge.ts';

/** Differences of one call, each as a line: `witness, what: wanted … got …`. */
function differences(planned: PlannedCall, evidence: CallEvidence | undefined): readonly string[] {
  const outcome = judge([planned], evidence ? [evidence] : []);
  if (outcome.kind !== 'failed') return [outcome.kind];
  return outcome.mismatches.map(
    ({ witness, what, wanted, got }) => `${witness}, ${what}: wanted ${wanted} got ${got}`,
  );
}

function evidence(client: Partial<CallRecord>, ...server: readonly Partial<ServedRecord>[]): CallEvidence {
  return anEvidence({ client: aRecord(client), server: server.map(aServed) });
}

const failing = { responses: [], code: 5, message: 'expirement not found' } as const;
const saysNotFound = aRecord(failing);
const servedNotFound = aServed(failing);
const notFound = aPlannedCall(failing).expect;
const wantsNotFound: PlannedCall = { ...aPlannedCall(), expect: notFound };

function wantsUnserved(more: Partial<PlannedCall['expect']> = {}): PlannedCall {
  return {
    ...aPlannedCall(),
    expect: { ...aPlannedCall().expect, responses: [], code: 12, served: 'never', ...more },
  };
}

function wantsCancelled(more: Partial<PlannedCall['expect']> = {}): PlannedCall {
  return wantsUnserved({ code: 1, served: 'cancelled', ...more });
}

const one = { json: { name: 'one' } };
const two = { json: { name: 'two' } };
const note = { '@type': 'type.googleapis.com/a.Note', text: 'why' };

const cancelled = { ...saysNotFound, code: 1, message: 'gone' };

describe('the judge passes', () => {
  it.each<[string, PlannedCall, CallEvidence]>([
    ['a row that both witnesses tell', aPlannedCall(), anEvidence()],
    [
      'a message that is empty',
      aPlannedCall({ responses: [{ json: {} }] }),
      evidence({ responses: [{ json: {} }] }, { responses: [{ json: {} }] }),
    ],
    [
      'several responses, however equal ones are counted',
      aPlannedCall({ responses: [one, one, two] }),
      evidence({ responses: [{ ...one, times: 2 }, two] }, { responses: [one, one, two] }),
    ],
    [
      'requests, of which the client sent more than the server needed to see',
      aPlannedCall({ requests: [{ json: { name: 'a' } }] }, { steps: [askFor('a'), askFor('b')] }),
      evidence({}, { requests: [{ json: { name: 'a' } }] }),
    ],
    [
      'one of several codes, and who saw it or not',
      aPlannedCall({ code: 1, orCodes: [2], responses: [], served: 'either' }),
      anEvidence({ client: aRecord({ code: 2, responses: [] }), server: [] }),
    ],
    [
      'details that both witnesses tell',
      aPlannedCall({ ...failing, details: [note] }),
      evidence({ ...failing, details: [note] }, { ...failing, details: [note] }),
    ],
    [
      'details of which the server need not tell',
      aPlannedCall({ ...failing, details: [note] }),
      evidence({ ...failing, details: [note] }, failing),
    ],
    [
      'a client that does not take for an answer what is none',
      aPlannedCall({ clientCodes: [13, 2] }),
      evidence({ code: 2, message: 'odd', responses: [] }, {}),
    ],
    [
      'a status that both witnesses tell',
      wantsNotFound,
      anEvidence({ client: saysNotFound, server: [servedNotFound] }),
    ],
    ['any message, when none is named', aPlannedCall(), evidence({ message: 'fine' }, { message: '' })],
    [
      'metadata that nobody asked about',
      aPlannedCall({ headers: [], trailers: [], metadata: [] }),
      evidence({ headers: [{ key: 'server', text: 'x' }] }, { metadata: [{ key: 'user-agent', text: 'y' }] }),
    ],
    [
      'a call that no handler should see, and none did',
      wantsUnserved(),
      anEvidence({ client: { ...saysNotFound, code: 12 }, server: [] }),
    ],
    [
      'a cancelled call, whatever the server would have answered',
      wantsCancelled(),
      anEvidence({
        client: cancelled,
        server: [aServed({ cancelled: true, code: 13, message: 'who knows' })],
      }),
    ],
    [
      'times at both ends of their ranges',
      aPlannedCall({ elapsedMs: { min: 2, max: 9 }, timeRemainingMs: { min: 1, max: 50 } }),
      evidence({ elapsedMs: 2 }, { timeRemainingMs: 50 }),
    ],
  ])('%s', (_, planned, evidence) => {
    expect(differences(planned, evidence)).toEqual(['passed']);
  });
});

describe('the judge finds', () => {
  it.each<[string, PlannedCall, CallEvidence | undefined, readonly string[]]>([
    ['a call without evidence', aPlannedCall(), undefined, ['client, record: wanted one got none']],
    [
      'a call of which the client says nothing',
      aPlannedCall(),
      anEvidence({ client: 'silent' }),
      ['client, record: wanted one got none'],
    ],
    [
      'a call that the client did not make',
      aPlannedCall(),
      evidence({ unsupported: 'compression "gzip"' }),
      ['client, call: wanted made got not made: unsupported compression "gzip"'],
    ],
    [
      'another status at both sides',
      aPlannedCall(),
      anEvidence({ client: saysNotFound, server: [servedNotFound] }),
      [
        'client, status: wanted OK got NOT_FOUND "expirement not found"',
        'client, response: wanted {name: "Stitch", id: 7, skill: "making annoyed noise"} got no message',
        'server, status: wanted OK got NOT_FOUND "expirement not found"',
        'server, response: wanted {name: "Stitch", id: 7, skill: "making annoyed noise"} got no message',
      ],
    ],
    [
      'a code that is none',
      wantsNotFound,
      anEvidence({ client: { ...saysNotFound, code: 99 }, server: [{ ...servedNotFound, code: 99 }] }),
      [
        'client, status: wanted NOT_FOUND got code 99 "expirement not found"',
        'server, status: wanted NOT_FOUND got code 99 "expirement not found"',
      ],
    ],
    [
      'another message, down to a blank',
      wantsNotFound,
      anEvidence({
        client: { ...saysNotFound, message: 'expirement not found ' },
        server: [{ ...servedNotFound, message: 'expirement not found ' }],
      }),
      [
        'client, message: wanted "expirement not found" got "expirement not found "',
        'server, message: wanted "expirement not found" got "expirement not found "',
      ],
    ],
    [
      'an empty message where one was wanted',
      wantsNotFound,
      anEvidence({ client: { ...saysNotFound, message: '' }, server: [{ ...servedNotFound, message: '' }] }),
      [
        'client, message: wanted "expirement not found" got ""',
        'server, message: wanted "expirement not found" got ""',
      ],
    ],
    [
      'a message where the empty one was wanted',
      { ...wantsNotFound, expect: { ...wantsNotFound.expect, message: '' } },
      anEvidence({ client: saysNotFound, server: [servedNotFound] }),
      [
        'client, message: wanted "" got "expirement not found"',
        'server, message: wanted "" got "expirement not found"',
      ],
    ],
    [
      'a response that came with a status',
      wantsNotFound,
      anEvidence({ client: { ...saysNotFound, responses: [{ json: stitch }] }, server: [servedNotFound] }),
      [
        'client, response: wanted no message got {name: "Stitch", id: 7, skill: "making annoyed noise"}',
        'both, answer: wanted as the server says it sent it: NOT_FOUND "expirement not found", no message ' +
          'got as the client says it came: NOT_FOUND "expirement not found", {name: "Stitch", id: 7, skill: "making annoyed noise"}',
      ],
    ],
    [
      'an empty message in place of row 0',
      aPlannedCall({ responses: [{ json: { name: 'Cyber', skill: 'breaking' } }] }),
      evidence(
        { responses: [{ json: {} }] },
        { responses: [{ json: { name: 'Cyber', skill: 'breaking' } }] },
      ),
      [
        'client, response: wanted {name: "Cyber", skill: "breaking"} got {}',
        'both, answer: wanted as the server says it sent it: OK {name: "Cyber", skill: "breaking"} ' +
          'got as the client says it came: OK {}',
      ],
    ],
    [
      'a message that could not be read',
      aPlannedCall(),
      evidence({ responses: [{ problem: 'is no Expirement: premature EOF' }] }, {}),
      [
        'client, response: wanted {name: "Stitch", id: 7, skill: "making annoyed noise"} got one that is no Expirement: premature EOF',
        'both, answer: wanted as the server says it sent it: OK {name: "Stitch", id: 7, skill: "making annoyed noise"} ' +
          'got as the client says it came: OK one that is no Expirement: premature EOF',
      ],
    ],
    [
      'one response too few of a hundred, and the order',
      aPlannedCall({ responses: [{ ...one, times: 99 }, two] }),
      evidence({ responses: [{ ...one, times: 98 }, two] }, { responses: [two, { ...one, times: 99 }] }),
      [
        'client, response: wanted 100 messages: 99 × {name: "one"} {name: "two"} got 99 messages: 98 × {name: "one"} {name: "two"}',
        'server, response: wanted 100 messages: 99 × {name: "one"} {name: "two"} got 100 messages: {name: "two"} 99 × {name: "one"}',
        'both, answer: wanted as the server says it sent it: OK 100 messages: {name: "two"} 99 × {name: "one"} ' +
          'got as the client says it came: OK 99 messages: 98 × {name: "one"} {name: "two"}',
      ],
    ],
    [
      'responses in front of a status, where there were to be none',
      wantsNotFound,
      evidence({ ...failing, responses: [one] }, failing),
      [
        'client, response: wanted no message got {name: "one"}',
        'both, answer: wanted as the server says it sent it: NOT_FOUND "expirement not found", no message ' +
          'got as the client says it came: NOT_FOUND "expirement not found", {name: "one"}',
      ],
    ],
    [
      'details that did not come, and some that nobody wanted',
      aPlannedCall({ ...failing, details: [note] }),
      evidence(failing, { ...failing, details: [note, note] }),
      [
        'client, details: wanted details {@type: "type.googleapis.com/a.Note", text: "why"} got no details',
        'server, details: wanted details {@type: "type.googleapis.com/a.Note", text: "why"} got ' +
          'details {@type: "type.googleapis.com/a.Note", text: "why"} {@type: "type.googleapis.com/a.Note", text: "why"}',
      ],
    ],
    [
      'a client that takes for an answer what is none',
      aPlannedCall({ clientCodes: [13, 2] }),
      evidence({}, {}),
      ['client, status: wanted INTERNAL or UNKNOWN got OK'],
    ],
    [
      'a request that the client’s runtime would not take',
      aPlannedCall(),
      anEvidence({ client: aRecord({ ...failing, code: 13, unusable: 'invalid UTF-8' }), server: [] }),
      ['client, request: wanted one that its runtime takes got invalid UTF-8'],
    ],
    [
      'a message that the server’s runtime would not take',
      aPlannedCall(),
      evidence({}, { unusable: 'invalid UTF-8' }),
      ['server, messages: wanted such as its runtime takes got invalid UTF-8'],
    ],
    [
      'served twice, where it was to be at most once',
      aPlannedCall({ served: 'either' }),
      evidence({}, {}, {}),
      ['server, times served: wanted 1 got 2'],
    ],
    [
      'another id',
      aPlannedCall(),
      evidence({ responses: [{ json: { ...stitch, id: 8 } }] }, {}),
      [
        'client, response: wanted {name: "Stitch", id: 7, skill: "making annoyed noise"} got {name: "Stitch", id: 8, skill: "making annoyed noise"}',
        'both, answer: wanted as the server says it sent it: OK {name: "Stitch", id: 7, skill: "making annoyed noise"} ' +
          'got as the client says it came: OK {name: "Stitch", id: 8, skill: "making annoyed noise"}',
      ],
    ],
    [
      'a status that the server says it sent otherwise',
      wantsNotFound,
      anEvidence({
        client: saysNotFound,
        server: [{ ...servedNotFound, message: 'expirement%20not%20found' }],
      }),
      [
        'server, message: wanted "expirement not found" got "expirement%20not%20found"',
        'both, answer: wanted as the server says it sent it: NOT_FOUND "expirement%20not%20found", no message ' +
          'got as the client says it came: NOT_FOUND "expirement not found", no message',
      ],
    ],
    [
      'a message that nobody asked about, but that the witnesses tell differently',
      { ...wantsNotFound, expect: without(notFound, 'message') },
      anEvidence({ client: saysNotFound, server: [{ ...servedNotFound, message: '' }] }),
      [
        'both, answer: wanted as the server says it sent it: NOT_FOUND, no message ' +
          'got as the client says it came: NOT_FOUND "expirement not found", no message',
      ],
    ],
    [
      'a call that came too fast',
      aPlannedCall({ elapsedMs: { min: 280, max: 2300 } }),
      evidence({ elapsedMs: 279.6 }, {}),
      ['client, time to the status: wanted 280 to 2300 ms got 279 ms'],
    ],
    [
      'a call that took too long',
      aPlannedCall({ elapsedMs: { min: 280, max: 2300 } }),
      evidence({ elapsedMs: 2300.2 }, {}),
      ['client, time to the status: wanted 280 to 2300 ms got 2301 ms'],
    ],
    [
      'a deadline that did not arrive',
      aPlannedCall({ timeRemainingMs: { min: 50_000, max: 60_100 } }),
      evidence({}, {}),
      ['server, time to the deadline: wanted 50000 to 60100 ms got none'],
    ],
    [
      'a handler that was not told who its client is',
      aPlannedCall({ clientName: 'a client' }),
      evidence({}, {}),
      ['server, name of the client: wanted "a client" got none'],
    ],
    [
      'a handler that was told of another client',
      aPlannedCall({ clientName: 'a client' }),
      evidence({}, { clientName: 'another' }),
      ['server, name of the client: wanted "a client" got "another"'],
    ],
    [
      'a deadline where there is none',
      aPlannedCall({ timeRemainingMs: 'none' }),
      evidence({}, { timeRemainingMs: 9e15 }),
      ['server, time to the deadline: wanted none got 9000000000000000 ms'],
    ],
    [
      'a deadline in other units',
      aPlannedCall({ timeRemainingMs: { min: 50_000, max: 60_100 } }),
      evidence({}, { timeRemainingMs: 60 }),
      ['server, time to the deadline: wanted 50000 to 60100 ms got 60 ms'],
    ],
    [
      'a call that the server did not record',
      aPlannedCall(),
      evidence({}),
      ['server, times served: wanted 1 got 0'],
    ],
    [
      'a call that was served twice',
      aPlannedCall(),
      evidence({}, {}, {}),
      ['server, times served: wanted 1 got 2'],
    ],
    [
      'a call that no handler should have seen',
      wantsUnserved(),
      anEvidence({ client: { ...saysNotFound, code: 12 }, server: [servedNotFound] }),
      ['server, times served: wanted 0 got 1'],
    ],
    [
      'a call that ended under the handler',
      wantsNotFound,
      anEvidence({ client: saysNotFound, server: [{ ...servedNotFound, cancelled: true }] }),
      ['server, end of the call: wanted answered got cancelled'],
    ],
    [
      'a cancellation that the server did not see',
      wantsCancelled(),
      anEvidence({ client: cancelled, server: [aServed()] }),
      [
        'server, end of the call: wanted cancelled got answered',
        'both, answer: wanted as the server says it sent it: OK {name: "Stitch", id: 7, skill: "making annoyed noise"} ' +
          'got as the client says it came: CANCELLED "gone", no message',
      ],
    ],
    [
      'another method',
      aPlannedCall(),
      evidence({}, { method: 'Manage/PickOne' }),
      ['server, method: wanted /Manage/PickOne got Manage/PickOne'],
    ],
    [
      'a name that arrived in another Unicode form',
      aPlannedCall({}, { steps: [askFor('Stitch\u00e9')] }),
      evidence({}, { requests: [{ json: { name: 'Stitche\u0301' } }] }),
      ['server, request: wanted {name: "Stitch\u00e9"} got {name: "Stitche\u0301"}'],
    ],
    [
      'a name that was cut at a NUL, which it spells out',
      aPlannedCall({}, { steps: [askFor('Sti\0tch')] }),
      evidence({}, { requests: [{ json: { name: 'Sti' } }] }),
      ['server, request: wanted {name: "Sti\\u0000tch"} got {name: "Sti"}'],
    ],
  ])('%s', (_, planned, evidence, found) => {
    expect(differences(planned, evidence)).toEqual(found);
  });

  it('each call by its index', () => {
    const outcome = judge(
      [aPlannedCall(), aPlannedCall(), aPlannedCall()],
      [anEvidence(), evidence({}), anEvidence({ index: 2 })],
    );
    expect(outcome).toMatchObject({
      kind: 'failed',
      mismatches: [{ call: 1, witness: 'server', what: 'times served', wanted: '1', got: '0' }],
    });
  });

  it('nothing in no calls', () => {
    expect(judge([], [])).toEqual({ kind: 'passed' });
  });
});

const text = (value: string): Metadatum => ({ key: 'x-a', text: value });
const bytes = (value: string): Metadatum => ({ key: 'x-a', binary: value });

/** The three places where metadata is compared, and what the judge calls them. */
const places: readonly (readonly [
  string,
  (wanted: readonly Metadatum[], got: readonly Metadatum[]) => readonly string[],
])[] = [
  [
    'client, header',
    (headers, got) => differences(aPlannedCall({ headers }), evidence({ headers: got }, {})),
  ],
  [
    'client, trailer',
    (trailers, got) => differences(aPlannedCall({ trailers }), evidence({ trailers: got }, {})),
  ],
  [
    'server, request metadata',
    (metadata, got) => differences(aPlannedCall({ metadata }), evidence({}, { metadata: got })),
  ],
];

describe.each(places)('metadata: %s', (name, compare) => {
  it.each<[string, readonly Metadatum[], readonly Metadatum[]]>([
    ['the same value', [text('one')], [text('one')]],
    ['several values, in order', [text('one'), text('two')], [text('one'), text('two')]],
    ['values that were joined by a comma on the way', [text('one'), text('two')], [text('one,two')]],
    ['… and a blank', [text('one'), text('two')], [text('one, two')]],
    ['… or were split', [text('one, two')], [text('one'), text('two')]],
    ['other keys between them', [text('one')], [{ key: 'x-b', text: 'two' }, text('one')]],
    ['bytes', [bytes('AP8='), bytes('AA==')], [bytes('AP8='), bytes('AA==')]],
  ])('is equal: %s', (_, wanted, got) => {
    expect(compare(wanted, got)).toEqual(['passed']);
  });

  it.each<[string, readonly Metadatum[], readonly Metadatum[], string]>([
    ['none', [text('one')], [], 'wanted "one" got none'],
    ['another value', [text('one')], [text('two')], 'wanted "one" got "two"'],
    ['another order', [text('one'), text('two')], [text('two,one')], 'wanted "one,two" got "two,one"'],
    ['one value more', [text('one')], [text('one'), text('one')], 'wanted "one" got "one,one"'],
    ['one value less', [text('one'), text('two')], [text('two')], 'wanted "one,two" got "two"'],
    ['blanks inside', [text('one two')], [text('one  two')], 'wanted "one two" got "one  two"'],
    [
      'lists of bytes that were joined',
      [bytes('AP8='), bytes('AA==')],
      [bytes('AP8AAA==')],
      'wanted 2 × bytes "AP8= AA==" got 1 × bytes "AP8AAA=="',
    ],
    [
      'lists of bytes joined by a comma',
      [bytes('AP8='), bytes('AA==')],
      [text('AP8=,AA==')],
      'wanted 2 × bytes "AP8= AA==" got "AP8=,AA=="',
    ],
    ['bytes as text', [bytes('AP8=')], [text('AP8=')], 'wanted 1 × bytes "AP8=" got "AP8="'],
  ])('differs: %s', (_, wanted, got, line) => {
    expect(compare(wanted, got)).toEqual([`${name} x-a: ${line}`]);
  });

  it('names each key once', () => {
    const wanted = [text('one'), { key: 'x-b', text: '1' }, text('two')];
    expect(compare(wanted, [])).toEqual([
      `${name} x-a: wanted "one,two" got none`,
      `${name} x-b: wanted "1" got none`,
    ]);
  });
});

describe('long texts', () => {
  // "mm" and "nN" have the same sum in base 31: a judge that compared sums would let it pass.
  const long = 'm'.repeat(7000);
  const other = `${'m'.repeat(6000)}nN${'m'.repeat(998)}`;
  const shown = (hash: string) => `"${'m'.repeat(40)}"… (7000 characters, FNV-1a ${hash})`;
  const line = `wanted ${shown('66b086ed')} got ${shown('45987733')}`;

  it('that differ only far behind the beginning are still different, and look it', () => {
    expect(
      differences(aPlannedCall({ headers: [text(long)] }), evidence({ headers: [text(other)] }, {})),
    ).toEqual([`client, header x-a: ${line}`]);
  });

  it('are compared in full in a request, a message, a response and between the witnesses', () => {
    expect(
      differences(
        aPlannedCall({}, { steps: [askFor(long)] }),
        evidence({}, { requests: [{ json: { name: other } }] }),
      ),
    ).toHaveLength(1);
    const responses = [{ json: { ...stitch, skill: long } }];
    const others = [{ json: { ...stitch, skill: other } }];
    expect(
      differences(aPlannedCall({ responses }), evidence({ responses: others }, { responses })).map(
        whoAndWhat,
      ),
    ).toEqual(['client, response', 'both, answer']);
    expect(
      differences(
        { ...wantsNotFound, expect: { ...notFound, message: long } },
        anEvidence({
          client: { ...saysNotFound, message: other },
          server: [{ ...servedNotFound, message: long }],
        }),
      ).map(whoAndWhat),
    ).toEqual(['client, message', 'both, answer']);
  });

  it('of 400 characters are shown whole', () => {
    const whole = 'm'.repeat(400);
    expect(
      differences(aPlannedCall({ headers: [text(whole)] }), evidence({ headers: [text('')] }, {})),
    ).toEqual([`client, header x-a: wanted "${whole}" got ""`]);
  });

  function whoAndWhat(line: string): string {
    return line.slice(0, line.indexOf(':'));
  }
});
