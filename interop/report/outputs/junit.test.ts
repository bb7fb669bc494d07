import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { validateXML } from 'xmllint-wasm';
import { aCell, aFailure, aKnownFailure, aLog, anEnd, aResult, aStart } from '../../fixtures/values.ts';
import { cellId } from '../../model/cell.ts';
import type { CellResult, RunEvent } from '../../model/event.ts';
import type { Outcome } from '../../model/outcome.ts';
import { isHealthy, startFold, tally } from '../../outcome/matrix.ts';
import { junitReporter } from './junit.ts';

const schema = {
  fileName: 'junit.xsd',
  contents: readFileSync(new URL('../../fixtures/junit.xsd', import.meta.url), 'utf8'),
};

/** What libxml2 has against the document. */
async function complaintsOf(contents: string): Promise<readonly string[]> {
  const { errors } = await validateXML({ xml: { fileName: 'junit.xml', contents }, schema });
  return errors.map(({ rawMessage }) => rawMessage);
}

function written(events: readonly RunEvent[]): string {
  let text = '';
  const reporter = junitReporter((more) => {
    text += more;
  });
  for (const event of events) void reporter.on(event);
  void reporter.end?.();
  return text;
}

/** The document, after it was found valid, and its numbers right. */
async function documentOf(events: readonly RunEvent[]): Promise<string> {
  const xml = written(events);
  expect(await complaintsOf(xml)).toEqual([]);
  const { matrix, add } = startFold();
  for (const event of events) add(event);
  const numbers = tally(matrix);

  const [, ...suites] = xml.split('<testsuite ');
  for (const suite of suites) expect(numbersOf(suite)).toEqual({ ...countOf(suite), skipped: skips(suite) });
  expect(numbersOf(xml)).toMatchObject(countOf(xml));

  const cells = suites.filter((suite) => !suite.startsWith('name="run"')).join('');
  expect({ ...countOf(cells), skipped: skips(cells) }).toEqual({
    tests: numbers.planned,
    failures: numbers.unexpected,
    errors: numbers.broken + numbers.missing,
    skipped: numbers.known + numbers.unsupported,
  });
  const { failures, errors } = countOf(xml);
  expect(failures + errors === 0).toBe(isHealthy(numbers));
  return xml;
}

/** The numbers of the first start tag that has some. */
function numbersOf(xml: string): Record<string, number> {
  const [tag = ''] = /[^>]* tests="[^>]*/.exec(xml) ?? [];
  const found = [...tag.matchAll(/ (tests|failures|errors|skipped)="(\d+)"/g)];
  return Object.fromEntries(found.map(([, name = '', value]) => [name, Number(value)]));
}

/** The elements that are there. */
function countOf(xml: string) {
  return {
    tests: elements(xml, 'testcase'),
    failures: elements(xml, 'failure'),
    errors: elements(xml, 'error'),
  };
}

function skips(xml: string): number {
  return elements(xml, 'skipped');
}

function elements(xml: string, name: string): number {
  return xml.split(`<${name} `).length - 1;
}

function finished(id: string, outcome?: Outcome, more: Partial<CellResult> = {}): RunEvent {
  return { type: 'cell-finished', result: { ...aResult(id, outcome), ...more } };
}

const broken: Extract<Outcome, { kind: 'broken' }> = {
  kind: 'broken',
  by: 'server',
  stage: 'call',
  reason: 'b server ended\nexit code 3',
};
const mismatch = { call: 0, witness: 'client', what: 'status', wanted: 'OK', got: 'NOT_FOUND' } as const;

const planned = [
  aCell('a/b/pick/ok'),
  aCell('a/b/pick/failed'),
  aCell('a/b/pick/mended', { known: 0 }),
  aCell('a/c/pick/ok'),
  aCell('a/c/pick/broken'),
  aCell('a/c/pick/known', { known: 0 }),
  aCell('a/c/pick/unsupported'),
  aCell('a/c/pick/missing'),
];

const allSorts: readonly RunEvent[] = [
  aStart(planned, { ledger: [aKnownFailure()], problems: ['ledger entry 0 expired'] }),
  finished('a/b/pick/ok', undefined, { durationMs: 1500 }),
  finished('a/b/pick/failed', aFailure([mismatch]), {
    durationMs: 250,
    logs: { client: [], server: aLog('no such row') },
    reproduce: 'npm run interop -- client:a',
  }),
  finished('a/b/pick/mended'),
  finished('a/c/pick/ok'),
  finished('a/c/pick/broken', broken),
  finished('a/c/pick/known', aFailure()),
  finished('a/c/pick/unsupported', { kind: 'unsupported', by: 'client', feature: 'timeout' }),
  anEnd({ stopped: 'SIGINT' }),
];

describe('the document', () => {
  it('tells of every standing', async () => {
    expect(await documentOf(allSorts)).toBe(`<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="stitch" tests="10" failures="2" errors="4" time="1.234">
  <testsuite name="run" timestamp="2026-01-01T00:00:00.000Z" tests="2" failures="0" errors="2" skipped="0">
    <testcase classname="run" name="problem 1"><error type="problem" message="ledger entry 0 expired"></error></testcase>
    <testcase classname="run" name="problem 2"><error type="unfinished" message="stopped by SIGINT"></error></testcase>
  </testsuite>
  <testsuite name="a → b" timestamp="2026-01-01T00:00:00.000Z" time="1.751" tests="3" failures="2" errors="0" skipped="0">
    <testcase classname="a → b" name="pick/ok" time="1.500"/>
    <testcase classname="a → b" name="pick/failed" time="0.250"><failure type="unexpected" message="undetermined: it is a test">✕ a client → b server   pick/failed
  pick/failed is as it should be.
  blame: undetermined: it is a test
  status
    wanted  OK
    client  NOT_FOUND
  b server stderr: no such row
  again: npm run interop -- client:a</failure></testcase>
    <testcase classname="a → b" name="pick/mended" time="0.001"><failure type="unexpected" message="it passed, but the ledger lists it as a known failure: delete the entry">✕ a client → b server   pick/mended
  pick/mended is as it should be.
  it passed, but the ledger lists it as a known failure: delete the entry</failure></testcase>
  </testsuite>
  <testsuite name="a → c" timestamp="2026-01-01T00:00:00.000Z" time="0.004" tests="5" failures="0" errors="2" skipped="2">
    <testcase classname="a → c" name="pick/ok" time="0.001"/>
    <testcase classname="a → c" name="pick/broken" time="0.001"><error type="broken at stage call" message="b server ended">! a client → c server   pick/broken
  pick/broken is as it should be.
  broken at stage call: b server ended
  exit code 3</error></testcase>
    <testcase classname="a → c" name="pick/known" time="0.001"><skipped message="known failure: it is so (https://example.org/issues/1)"></skipped></testcase>
    <testcase classname="a → c" name="pick/unsupported" time="0.001"><skipped message="unsupported: the client does not claim timeout"></skipped></testcase>
    <testcase classname="a → c" name="pick/missing"><error type="missing" message="not run"></error></testcase>
  </testsuite>
</testsuites>
`);
  });

  it('of a healthy run has no trouble in it', async () => {
    const xml = await documentOf([aStart([aCell('a/b/pick/one')]), finished('a/b/pick/one'), anEnd()]);
    expect(countOf(xml)).toEqual({ tests: 1, failures: 0, errors: 0 });
  });

  it('of a log that ends early says so, and which cells were not run', async () => {
    const xml = await documentOf(allSorts.slice(0, 3));
    expect(xml).toContain('<error type="unfinished" message="the log ends before the run does">');
    expect(xml).toContain('<testsuites name="stitch" tests="10" failures="1" errors="8">');
    expect(elements(xml, 'error type="missing"')).toBe(6);
  });

  it('of an empty log is red', async () => {
    const xml = await documentOf([]);
    expect(numbersOf(xml)).toEqual({ tests: 2, failures: 0, errors: 2 });
  });

  it('of a run in which nothing passed is red, although each failure is known', async () => {
    const cell = aCell('a/b/pick/one', { known: 0 });
    const start = aStart([cell], { ledger: [aKnownFailure()] });
    const xml = await documentOf([start, finished(cellId(cell), aFailure()), anEnd()]);
    expect(xml).toContain('<error type="nothing passed" message="nothing passed">');
  });

  it('has the first of two results of a cell', async () => {
    const id = 'a/b/pick/one';
    const again = finished(id, broken, { durationMs: 9000 });
    const xml = await documentOf([aStart([aCell(id)]), finished(id), again, anEnd()]);
    expect(xml).toContain('<testcase classname="a → b" name="pick/one" time="0.001"/>');
    expect(xml).toContain('message="a/b/pick/one was reported twice"');
  });
});

describe('what a peer says', () => {
  const hostile: readonly (readonly [string, string])[] = [
    ['markup', '<script>alert(1)</script>'],
    ['the end of its element', ']]></failure><testcase name="x"/>'],
    ['quotes and references', '"\' onload="x" &amp; &#0; &bogus;'],
    ['a comment', '<!--'],
    ['a section of CDATA', '<![CDATA['],
    ['a declaration', '<?xml version="1.0"?>'],
    ['an entity', '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>&e;'],
    ['control characters', '\0\u0001\b\t\v\f\r\u001b[31m\u007f\u0085\u009f'],
    ['lone surrogates', '\ud800 \udfff \udc00\ud800'],
    ['characters that are none', '\ufffe\uffff\ufeff'],
    ['overrides of direction', '\u202egnirts\u2066\u2028\u2029'],
    ['400 pairs of surrogates', '😀'.repeat(400)],
    ['a pair of surrogates at the cut', `${'x'.repeat(298)}😀😀`],
    ['several lines', 'one\ntwo\r\nthree'],
  ];

  function runOf(text: string): readonly RunEvent[] {
    const ledger = [aKnownFailure({ reason: text, issue: text })];
    const got = { ...mismatch, what: text, wanted: text, got: text };
    const said = { logs: { client: aLog(text), server: aLog(text) }, reproduce: text };
    const failed: Outcome = { ...aFailure([got]), blame: { side: 'server', because: text } };
    return [
      aStart(planned, { ledger, problems: [text] }),
      finished('a/b/pick/failed', failed, said),
      finished('a/b/pick/mended', undefined, said),
      finished('a/c/pick/ok'),
      finished('a/c/pick/broken', { ...broken, reason: text }, said),
      finished('a/c/pick/known', failed, said),
      anEnd({ stopped: text }),
    ];
  }

  it.each(hostile)('stays text: %s', async (_, text) => {
    const xml = await documentOf(runOf(text));
    expect(xml.isWellFormed()).toBe(true);
    expect(xml).not.toMatch(/[^\P{Control}\n\t]|[\u2028-\u202e\u2066-\u2069]/u);
  });

  it.each(hostile)('stays text in a name: %s', async (_, text) => {
    const cell = { client: text, server: text, scenario: text };
    const xml = await documentOf([aStart([cell]), finished(cellId(cell)), anEnd()]);
    expect(numbersOf(xml)).toEqual({ tests: 1, failures: 0, errors: 0 });
  });

  it('is spelled out where XML cannot hold it', () => {
    const xml = written(runOf('\u001b \ud800 \uffff \u202e <&>"'));
    expect(xml).toContain(
      'message="the b server: \\u001b \\ud800 \\uffff \\u202e &lt;&amp;&gt;&quot;">✕ a client → b server',
    );
  });

  it('is cut to 300 characters in a message, between two of them, and in full below', () => {
    const xml = written(runOf('😀'.repeat(400)));
    const problem = `message="${'😀'.repeat(299)}…">${'😀'.repeat(400)}</error>`;
    expect(xml).toContain(`<error type="problem" ${problem}`);
  });
});
