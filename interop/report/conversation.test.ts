import { describe, expect, it } from 'vitest';
import { aCall, anEvidence, aRecord, aResult, askFor } from '../fixtures/values.ts';
import { aFrame, aMessage, aRequest, aResponse, aStream, aWire, headers } from '../fixtures/wire.ts';
import type { CellResult } from '../model/event.ts';
import type { FrameAt } from '../model/outcome.ts';
import type { WireEvidence } from '../model/wire.ts';
import { conversationText, proofText } from './conversation.ts';
import type { Style } from './style.ts';

const plain: Style = (_, text) => text;

function aCellOf(wire: WireEvidence | undefined, proof?: FrameAt): CellResult {
  const call = anEvidence({
    call: aCall({ steps: [askFor('Sti\u001btch')] }),
    client: aRecord({ code: 5 }),
    wire,
  });
  const outcome = proof
    ? ({
        kind: 'failed',
        blame: { side: 'server', because: 'it sent\u001b that', proof },
        mismatches: [],
      } as const)
    : ({ kind: 'passed' } as const);
  return { ...aResult('a/b/pick/one', outcome), evidence: { calls: [call], omitted: 2 } };
}

const stream = aStream({
  frames: [
    aFrame(0, 'client', 'SETTINGS', { stream: 0, length: 6, says: 'INITIAL_WINDOW_SIZE 1' }),
    aFrame(1, 'client', 'HEADERS', { flags: ['END_HEADERS'], headers: headers({ te: 'trailers' }) }),
    aFrame(2, 'client', 'DATA', { length: 13, flags: ['END_STREAM'], hex: '0000' }),
    aFrame(7, 'server', 'HEADERS', {
      atMs: 12.345,
      length: 1,
      flags: ['END_STREAM'],
      headers: headers({ 'grpc-status': '5', 'grpc-message': '%C3%A4\u001b' }),
    }),
  ],
  omitted: 4,
  request: aRequest({
    messages: [aMessage({ name: 'Stitch' }, { frame: 2, length: 8, hex: '00000000080a06' })],
  }),
  response: aResponse({ messages: [] }),
  problems: [{ from: 'server', offset: 99, wanted: 'x', got: 'y\u001b' }],
});

describe('the conversation', () => {
  it('is drawn as it went, with the frame that proves the verdict marked, and harmless', () => {
    const wire = aWire({
      streams: [stream],
      troubles: [{ kind: 'closed', connection: 1, by: 'server', how: 'reset', atMs: 3 }],
    });
    expect(conversationText(aCellOf(wire, { call: 0, stream: 0, frame: 7 }), plain).split('\n')).toEqual([
      'a client → b server   pick/one   failed',
      '  call 1: /Manage/PickOne {name: "Sti\\u001btch"}; the client says NOT_FOUND',
      '    connection 1, stream 1',
      '          ms  client    server',
      '        0.00  ───────▶    SETTINGS (connection), 6 bytes',
      '                          INITIAL_WINDOW_SIZE 1',
      '        1.00  ───────▶    HEADERS, 30 bytes, END_HEADERS',
      '                          te: trailers',
      '        2.00  ───────▶    DATA, 13 bytes, END_STREAM',
      '                          message of 8 bytes: {"name":"Stitch"}',
      '                          00000000080a06',
      '  ▸     2.35    ◀───────  HEADERS, 1 byte, END_STREAM',
      '                          grpc-status: 5 (NOT_FOUND)',
      '                          grpc-message: %C3%A4\\u001b ("ä\\u001b")',
      '               … and 4 more frames',
      '    byte 99 from the server: wanted x, got y\\u001b',
      '    connection 1: closed by the server (reset)',
      '  … and 2 more calls',
      '  blame: the b server: it sent\\u001b that',
      '',
    ]);
  });

  it('has the headers and trailers of a log, where its frames have none', () => {
    const { frames, ...rest } = aStream();
    const bare = { ...rest, frames: frames.map(({ headers: _, ...frame }) => frame) };
    const text = conversationText(aCellOf(aWire({ streams: [bare] })), plain);
    expect(text).toContain(':path: /Manage/PickOne\n');
    expect(text).toContain(':status: 200\n');
    expect(text).toContain('grpc-status: 0 (OK)\n');
  });

  it('is drawn of each wire along the path, and the proof is on the first', () => {
    const wire = { at: 'wire', crossed: aWire({ streams: [stream] }) } as const;
    const result = aCellOf(undefined, { call: 0, stream: 0, frame: 7 });
    const [call] = result.evidence.calls;
    const path = [...(call?.path ?? []), wire, wire];
    const text = conversationText(
      { ...result, evidence: { calls: [anEvidence({ path })], omitted: 0 } },
      plain,
    );
    expect(text.split('\n').filter((line) => /wire|▸/.test(line))).toEqual([
      '    wire 1 of 2',
      '  ▸     2.35    ◀───────  HEADERS, 1 byte, END_STREAM',
      '    wire 2 of 2',
    ]);
  });

  it('says when nobody read along, and when nothing crossed', () => {
    expect(conversationText(aCellOf(undefined), plain)).toContain('\n    nobody read along\n');
    expect(conversationText(aCellOf(aWire({ streams: [] })), plain)).toContain(
      '\n    the call never crossed the wire\n',
    );
  });

  it.each<[WireEvidence['troubles'][number], string]>([
    [{ kind: 'opaque', connection: 2 }, 'connection 2: encrypted, relayed unread'],
    [{ kind: 'silent', connection: 2 }, 'connection 2: the server has not sent a byte'],
    [
      { kind: 'refused', connection: 2, reason: 'no' },
      "connection 2: nobody took it at the server's address: no",
    ],
    [
      { kind: 'invalid', connection: 2, problem: { from: 'client', offset: 5, wanted: 'x', got: 'y' } },
      'connection 2: byte 5 from the client: wanted x, got y; relayed unread from there',
    ],
  ])('tells of trouble %j', (trouble, text) => {
    expect(conversationText(aCellOf(aWire({ streams: [], troubles: [trouble] })), plain)).toContain(
      `    ${text}\n`,
    );
  });
});

describe('the frame that proves it', () => {
  it('is a line that says what matters', () => {
    const proof = (frame: number) =>
      proofText(aCellOf(aWire({ streams: [stream] }), { call: 0, stream: 0, frame }));
    expect(proof(7)).toBe('  ◀───────  HEADERS, 1 byte, END_STREAM: grpc-status: 5 (NOT_FOUND)');
    expect(proof(2)).toBe('───────▶    DATA, 13 bytes, END_STREAM: message of 8 bytes: {"name":"Stitch"}');
    expect(proof(0)).toBe('───────▶    SETTINGS (connection), 6 bytes: INITIAL_WINDOW_SIZE 1');
  });

  it('is none when it was not kept, or nothing is proven', () => {
    expect(
      proofText(aCellOf(aWire({ streams: [stream] }), { call: 0, stream: 0, frame: 5 })),
    ).toBeUndefined();
    expect(proofText(aCellOf(aWire({ streams: [stream] })))).toBeUndefined();
  });
});
