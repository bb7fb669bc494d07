/** What a server may do wrong while it keeps to the contract; catalogue.ts tells what each must break. */
import process from 'node:process';
import type { Expirement, Metadatum } from '../model/call.ts';
import { Code, codeName } from '../model/status.ts';
import { table } from '../scenarios/table.ts';
import { type Answer, honest, type Lie, lookUp, overlooks, pickOne } from './manners.ts';
import { isInstruction, mapBinary, mapText } from './metadata.ts';
import { makeMixer } from './mixer.ts';

/** Looks names up honestly, then does something to each row that is found. */
function rows(change: (row: Expirement) => Expirement): Lie {
  return {
    looksUp(name) {
      const answer = lookUp(name);
      return answer.reply ? { ...answer, reply: change(answer.reply) } : answer;
    },
  };
}

/** Looks for something else than what was asked. */
function looksFor(change: (name: string) => string): Lie {
  return { looksUp: (name) => lookUp(change(name)) };
}

/** Takes the name for another one, in all that follows. */
function seesName(change: (name: string) => string): Lie {
  return { sees: (request) => ({ ...request, name: change(request.name) }) };
}

function seesMetadata(change: (entries: readonly Metadatum[]) => readonly Metadatum[]): Lie {
  return { sees: (request) => ({ ...request, metadata: change(request.metadata) }) };
}

function seesTimeout(change: (ms: number) => number | undefined): Lie {
  return {
    sees: (request) =>
      request.timeoutMs === undefined ? request : { ...request, timeoutMs: change(request.timeoutMs) },
  };
}

/** Of a status that is not OK. */
function message(change: (message: string) => string): Lie {
  return { isTold: (answer) => ({ ...answer, message: change(answer.message) }) };
}

function row(id: number): Answer {
  const reply = table[id];
  return reply ? { code: Code.OK, message: '', reply } : lookUp('');
}

const never = new Promise<never>(() => {});

let callCount = 0;

export const serverLies = {
  'wrong-id': rows((row) => ({ ...row, id: row.id + 1 })),
  'wrong-name': rows((row) => ({ ...row, name: row.name.toLowerCase() })),
  'wrong-skill': rows((row) => ({ ...row, skill: '' })),
  'corrects-spelling': rows((row) => ({ ...row, skill: row.skill.replace('seting', 'setting') })),
  'zero-is-nothing': { looksUp: (name) => lookUp(name === 'Cyber' ? '' : name) },
  'always-answers': {
    looksUp(name) {
      const answer = lookUp(name);
      return answer.reply ? answer : row(7);
    },
  },
  'ignores-case': looksFor(
    (name) => table.find((row) => row.name.toLowerCase() === name.toLowerCase())?.name ?? name,
  ),
  'trims-names': seesName((name) => name.trim()),
  'composes-names': seesName((name) => name.normalize('NFC')),
  'decomposes-names': seesName((name) => name.normalize('NFD')),
  'drops-accented-letters': looksFor((name) => name.normalize('NFC').replaceAll(/[^\0-\x7f]/g, '')),
  'stops-at-nul': seesName((name) => name.replace(/\0.*/s, '')),
  'cuts-names': seesName((name) => name.slice(0, 1024)),
  'reads-latin-1': seesName((name) => Buffer.from(name).toString('latin1')),
  'empty-is-first': { looksUp: (name) => (name === '' ? row(0) : lookUp(name)) },
  'looks-at-skills': looksFor((name) => table.find((row) => row.skill === name)?.name ?? name),
  'other-words': {
    looksUp: (name) =>
      lookUp(name).reply ? lookUp(name) : { code: Code.NOT_FOUND, message: 'experiment not found' },
  },
  'nobody-is-fine': {
    looksUp: (name) =>
      lookUp(name).reply
        ? lookUp(name)
        : { code: Code.OK, message: '', reply: { name: '', id: 0, skill: '' } },
  },
  'reply-beside-error': {
    sends: (answer) => (answer.code === Code.NOT_FOUND ? { ...row(7), ...answer } : answer),
  },

  'keeps-last-value': seesMetadata((entries) =>
    entries.filter((entry, index) => entries.findLastIndex(({ key }) => key === entry.key) === index),
  ),
  'reverses-values': seesMetadata((entries) => entries.toReversed()),
  'clears-high-bits': seesMetadata((entries) =>
    entries.map(mapBinary((bytes) => bytes.map((byte) => byte & 0x7f))),
  ),
  'reads-binary-as-text': seesMetadata((entries) =>
    entries.map(mapBinary((bytes) => Buffer.from(bytes.toString('utf8')))),
  ),
  'cuts-at-comma': seesMetadata((entries) => entries.map(mapText((text) => text.split(',', 1)[0] ?? ''))),
  'hides-request-metadata': {
    records: (record, print) => print({ ...record, metadata: record.metadata.filter(isInstruction) }),
  },
  'drops-headers': { headers: () => [] },
  'drops-trailers': { trailers: () => [] },
  'takes-128-entries': seesMetadata((entries) => [
    ...entries.filter(isInstruction),
    ...entries.filter((entry) => !isInstruction(entry)).slice(0, 120),
  ]),
  'takes-4-kib': seesMetadata((entries) =>
    entries.filter((entry) => 'binary' in entry || entry.text.length <= 4096),
  ),

  'next-code': {
    sends: (answer) => (answer.code > 0 ? { ...answer, code: (answer.code % 16) + 1 } : answer),
  },
  'empties-messages': message(() => ''),
  'fills-messages': { isTold: (answer) => ({ ...answer, message: answer.message || codeName(answer.code) }) },
  'cuts-messages': message((text) => text.slice(0, 1024)),
  'cuts-at-line-break': message((text) => text.split('\n', 1)[0] ?? ''),
  'drops-astral': message((text) => text.replaceAll(/[\u{10000}-\u{10ffff}]/gu, '\ufffd')),
  'sends-ascii-only': {
    encodesMessage: (text) => honest.encodesMessage(text.replaceAll(/[^\0-\x7f]/gu, '?')),
  },
  'leaves-percent': { encodesMessage: (text) => honest.encodesMessage(text).replaceAll('%25', '%') },
  'loses-late-status': { sends: (answer, hasSentHeaders) => (hasSentHeaders ? undefined : answer) },

  'holds-headers-back': overlooks('stitch-send-headers'),
  'sees-no-deadline': seesTimeout(() => undefined),
  'sees-a-deadline-always': { sees: (request) => ({ ...request, timeoutMs: request.timeoutMs ?? 2 ** 31 }) },
  'reads-minutes': seesTimeout((ms) => ms / 60),
  'timer-of-32-bits': seesTimeout((ms) => (ms > 2 ** 31 ? 1 : ms)),
  // It would wait for those calls when it is told to stop.
  'never-notices': { noticesTheEnd: false, stops: () => process.exit(0) },

  'serves-any-method': { knows: () => true },
  'serves-any-service': { knows: (method) => method.endsWith('/PickOne') },
  'silent-about-unknown': { meets: (method) => (method === pickOne ? undefined : never) },

  'takes-1-mib': { limitBytes: 1024 * 1024 },
  'takes-anything': { limitBytes: Number.POSITIVE_INFINITY },
  'cannot-gunzip': { gunzips: () => Promise.reject(new Error('gzip is not installed')) },
  'hides-encoding': {
    async gzips(bytes) {
      const { compressed, bytes: packed } = await honest.gzips(bytes);
      return { compressed, bytes: packed };
    },
  },

  'mixes-up-answers': { sends: makeMixer() },
  'tires-after-500': {
    sends: (answer) => (++callCount > 500 ? { code: Code.UNAVAILABLE, message: 'too many calls' } : answer),
  },

  'records-otherwise': {
    sends: (answer) => (answer.reply ? row((answer.reply.id + 1) % table.length) : answer),
  },
  'records-nothing': { records() {} },
  'records-twice': {
    records(record, print) {
      print(record);
      print(record);
    },
  },
  'records-too-late': { records: (record, print) => void setTimeout(print, 3_000, record) },
  'forgets-call-ids': { records: (record, print) => print({ ...record, callId: '' }) },
  'records-short-method': {
    records: (record, print) => print({ ...record, method: record.method.replace(/.*\//, '') }),
  },
  'pretends-to-close': {
    obeys: async (instruction, carryOut) => (instruction.close ? { closed: {} } : carryOut()),
  },
  'never-comes-back': {
    async obeys({ listen }, carryOut) {
      return listen?.port ? { listening: { port: listen.port } } : carryOut();
    },
  },
} satisfies Record<string, Lie>;
