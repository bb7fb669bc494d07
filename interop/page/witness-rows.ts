/** One call as a table: what was wanted, and what each witness says of it. */
import type { CallRecord, Metadatum, ServedRecord } from '../model/call.ts';
import type { CallEvidence } from '../model/evidence.ts';
import type { Mismatch } from '../model/outcome.ts';
import type { Expectation } from '../model/scenario.ts';
import { codeName } from '../model/status.ts';
import type { WireStream } from '../model/wire.ts';
import { answerThatCrossed, metadataOf, metadataThatCrossed, valuesOf } from '../witness/crossed.ts';
import { quote, rangeText, replyText, valuesText } from '../witness/say.ts';

export const witnesses = ['client', 'server', 'wire'] as const;
export type Witness = (typeof witnesses)[number];

/** One thing that was compared; empty where a witness cannot know it. */
export interface WitnessRow extends Readonly<Record<Witness, string>> {
  /** As mismatches name it. */
  readonly what: string;
  readonly wanted: string;
  /** Those whose word is not what was wanted. */
  readonly wrong: readonly Witness[];
}

type Said = Omit<WitnessRow, 'wrong'>;

/** Rows that say something; those with a difference as the judge put them, and differences that no row has behind them. */
export function witnessRows(evidence: CallEvidence, mismatches: readonly Mismatch[]): readonly WitnessRow[] {
  const own = mismatches.filter(({ call }) => call === evidence.index);
  const said = saidRows(evidence);
  const named = new Set(said.map(({ what }) => what));
  const plain = said.map((row) =>
    withMismatches(
      row,
      own.filter(({ what }) => what === row.what),
    ),
  );
  // One thing may be compared with several others.
  const others = Map.groupBy(
    own.filter(({ what }) => !named.has(what)),
    ({ what, wanted }) => `${what} ${wanted}`,
  );
  const more = [...others.values()].map((group) =>
    withMismatches({ what: group[0]?.what ?? '', wanted: '', ...silent }, group),
  );
  return [...plain, ...more].filter((row) => row.wanted || witnesses.some((witness) => row[witness]));
}

const silent = { client: '', server: '', wire: '' } as const;

function withMismatches(row: Said, own: readonly Mismatch[]): WitnessRow {
  const said = own.flatMap(({ witness, got, wanted }) =>
    witness === 'both'
      ? ([
          ['server', wanted],
          ['client', got],
        ] as const)
      : ([[witness, got]] as const),
  );
  const wrong = witnesses.filter((witness) => said.some(([each]) => each === witness));
  const isBetweenThem = own.some(({ witness }) => witness === 'both');
  const wanted = isBetweenThem ? 'the same of both' : (own[0]?.wanted ?? row.wanted);
  return { ...row, ...Object.fromEntries(said), wanted, wrong };
}

function saidRows({ call, client, server, wire, expect }: CallEvidence): readonly Said[] {
  const served = server[0];
  const stream = wire?.streams.at(-1);
  const crossed = stream && answerThatCrossed(stream);
  const name = stream?.request.messages[0]?.fields?.name;
  return [
    {
      what: 'request name',
      wanted: quote(call.name),
      client: '',
      server: served ? quote(served.name) : '',
      wire: name === undefined ? '' : quote(String(name)),
    },
    {
      what: 'times served',
      wanted: expect.served === 'never' ? '0' : '1',
      client: '',
      server: String(server.length),
      wire: '',
    },
    {
      what: 'status',
      wanted: codeName(expect.code),
      client: client ? codeName(client.code) : 'it never said',
      server: served ? (served.cancelled ? 'cancelled' : codeName(served.code)) : '',
      wire: crossed ? codeName(crossed.code) : otherEnd(stream),
    },
    {
      what: 'message',
      wanted: expect.message === undefined ? '' : quote(expect.message),
      client: quoted(client),
      server: served?.cancelled ? '' : quoted(served),
      wire: quoted(crossed),
    },
    {
      what: 'reply',
      wanted: replyText(expect.reply),
      client: client ? replyText(client.reply) : '',
      server: served && !served.cancelled ? replyText(served.reply) : '',
      wire: crossed ? replyText(crossed.reply) : '',
    },
    ...metadataRows(expect, client, served, stream),
    {
      what: 'time to the status',
      wanted: expect.elapsedMs ? rangeText(expect.elapsedMs) : '',
      client: client ? milliseconds(client.elapsedMs) : '',
      server: '',
      wire: stream ? milliseconds(durationMs(stream)) : '',
    },
    {
      what: 'time to the deadline',
      wanted: expect.timeRemainingMs ? rangeText(expect.timeRemainingMs) : '',
      client: '',
      server: served?.timeRemainingMs === undefined ? '' : milliseconds(served.timeRemainingMs),
      wire: stream ? valuesOf(stream.request.headers, 'grpc-timeout').join(', ') : '',
    },
  ];
}

/** A row for each key that the scenario asks about. */
function metadataRows(
  expect: Expectation,
  client: CallRecord | undefined,
  served: ServedRecord | undefined,
  stream: WireStream | undefined,
): readonly Said[] {
  const sent = stream && metadataThatCrossed(stream.response);
  return [
    ...keysOf(expect.metadata).map((key) => ({
      what: `request metadata ${key}`,
      wanted: valuesText(key, expect.metadata ?? []),
      client: '',
      server: served ? valuesText(key, served.metadata) : '',
      wire: stream ? valuesText(key, metadataOf(stream.request.headers)) : '',
    })),
    ...(['header', 'trailer'] as const).flatMap((kind) =>
      keysOf(expect[`${kind}s`]).map((key) => ({
        what: `${kind} ${key}`,
        wanted: valuesText(key, expect[`${kind}s`] ?? []),
        client: client ? valuesText(key, client[`${kind}s`]) : '',
        server: '',
        wire: sent ? valuesText(key, sent[`${kind}s`]) : '',
      })),
    ),
  ];
}

function keysOf(entries: readonly Metadatum[] | undefined): readonly string[] {
  return [...new Set(entries?.map(({ key }) => key))];
}

function quoted(answer: { readonly message: string } | undefined): string {
  return answer?.message ? quote(answer.message) : '';
}

function otherEnd(stream: WireStream | undefined): string {
  const reset = stream?.resets[0];
  if (reset) return `RST_STREAM ${reset.code} from the ${reset.from}`;
  return stream ? 'no status' : '';
}

function durationMs({ frames, stream }: WireStream): number {
  const own = frames.filter((frame) => frame.stream === stream);
  return (own.at(-1)?.atMs ?? 0) - (own[0]?.atMs ?? 0);
}

function milliseconds(ms: number): string {
  return `${Math.abs(ms) < 10 ? ms.toFixed(2) : Math.round(ms)} ms`;
}
