/** What a server may do wrong while it keeps to the contract; the catalogue tells what each must break. */
import process from 'node:process';
import { type Row, row, table } from '../../../contracts/manage/table.ts';
import { Code, codeName } from '../../model/status.ts';
import type { Ending, Lie, Message } from '../program/behaviour.ts';
import { honest } from '../program/honest.ts';
import type { Status } from '../program/lines.ts';
import { lookUp, pickOne } from '../program/plain.ts';
import {
  allMetadata,
  headers,
  isInstruction,
  lastValues,
  mapBinary,
  mapText,
  requestMetadata,
  steps,
  trailers,
} from './metadata.ts';
import { never } from './never.ts';
import { makeRotation } from './rotation.ts';
import { found, isRowMessage, messageOf, rowOf } from './rows.ts';
import { texts } from './texts.ts';

/** Looks names up honestly, then does something to each row that is found. */
function changesRows(change: (row: Row) => Row): Lie {
  return {
    looksUp(name) {
      const answered = lookUp(name);
      return answered.row ? { ...answered, row: change(answered.row) } : answered;
    },
  };
}

/** Looks for something else than what was asked. */
function looksFor(change: (name: string) => string): Lie {
  return { looksUp: (name) => lookUp(change(name)) };
}

/** Takes the texts of requests for others, in all that follows. */
function sees(change: (text: string) => string): Lie {
  return texts('wire', change);
}

function seesTimeout(change: (ms: number) => number | undefined): Lie {
  return {
    sees: (call) => (call.timeoutMs === undefined ? call : { ...call, timeoutMs: change(call.timeoutMs) }),
  };
}

/** Does something to the status with which a script ends. */
function statuses(change: (status: Status) => Status): Lie {
  return steps((step) => {
    if (!('end' in step)) return [step];
    const { code = Code.OK, message = '', ...status } = step.end.status ?? {};
    return [{ end: { ...step.end, status: code === Code.OK ? {} : change({ code, message, ...status }) } }];
  });
}

function messages(change: (message: string) => string): Lie {
  return statuses((status) => ({ ...status, message: change(status.message) }));
}

/** Serves another method in place of one that it does not have. */
function findsElse(find: Lie['finds'] & {}): Lie {
  return { finds: async (path, types) => (await honest.finds(path, types)) ?? find(path, types) };
}

const rotate = makeRotation<Ending>();
let callCount = 0;

export const serverLies = {
  'wrong-id': changesRows((row) => ({ ...row, id: row.id + 1 })),
  'wrong-name': changesRows((row) => ({ ...row, name: row.name.toLowerCase() })),
  'wrong-skill': changesRows((row) => ({ ...row, skill: '' })),
  'corrects-spelling': changesRows((row) => ({ ...row, skill: row.skill.replace('seting', 'setting') })),
  'zero-is-nothing': { looksUp: (name) => lookUp(name === 'Cyber' ? '' : name) },
  'always-answers': {
    looksUp(name) {
      const answered = lookUp(name);
      return answered.row ? answered : found(7);
    },
  },
  'ignores-case': looksFor(
    (name) => table.find((row) => row.name.toLowerCase() === name.toLowerCase())?.name ?? name,
  ),
  'trims-names': sees((name) => name.trim()),
  'composes-names': sees((name) => name.normalize('NFC')),
  'decomposes-names': sees((name) => name.normalize('NFD')),
  'drops-accented-letters': looksFor((name) => name.normalize('NFC').replaceAll(/[^\0-\x7f]/g, '')),
  'stops-at-nul': sees((name) => name.replace(/\0.*/s, '')),
  'cuts-names': sees((name) => name.slice(0, 1024)),
  'reads-latin-1': sees((name) => Buffer.from(name).toString('latin1')),
  'empty-is-first': { looksUp: (name) => (name === '' ? found(0) : lookUp(name)) },
  'looks-at-skills': looksFor((name) => table.find((row) => row.skill === name)?.name ?? name),
  'other-words': {
    looksUp: (name) =>
      lookUp(name).row ? lookUp(name) : { code: Code.NOT_FOUND, message: 'experiment not found' },
  },
  'nobody-is-fine': {
    looksUp: (name) =>
      lookUp(name).row ? lookUp(name) : { code: Code.OK, message: '', row: { name: '', id: 0, skill: '' } },
  },
  'response-beside-error': {
    ends: (ending) =>
      ending.code === Code.NOT_FOUND ? { ...ending, response: messageOf(row('Stitch')) } : ending,
  },

  'keeps-last-value': allMetadata(lastValues),
  'reverses-values': allMetadata((entries) => entries.toReversed()),
  'clears-high-bits': allMetadata((entries) =>
    entries.map(mapBinary((bytes) => bytes.map((byte) => byte & 0x7f))),
  ),
  'reads-binary-as-text': allMetadata((entries) =>
    entries.map(mapBinary((bytes) => Buffer.from(bytes.toString('utf8')))),
  ),
  'cuts-at-comma': allMetadata((entries) => entries.map(mapText((text) => text.split(',', 1)[0] ?? ''))),
  'hides-request-metadata': {
    records: (record, print) => print({ ...record, metadata: record.metadata.filter(isInstruction) }),
  },
  'drops-headers': headers(() => []),
  'drops-trailers': trailers(() => []),
  'takes-128-entries': requestMetadata((entries) => [
    ...entries.filter(isInstruction),
    ...entries.filter((entry) => !isInstruction(entry)).slice(0, 120),
  ]),
  'takes-4-kib': allMetadata((entries) =>
    entries.filter((entry) => 'binary' in entry || entry.text.length <= 4096),
  ),

  'next-code': {
    ends: (ending) => (ending.code > 0 ? { ...ending, code: (ending.code % 16) + 1 } : ending),
  },
  'empties-messages': messages(() => ''),
  'fills-messages': statuses((status) => ({ ...status, message: status.message || codeName(status.code) })),
  'cuts-messages': messages((text) => text.slice(0, 1024)),
  'cuts-at-line-break': messages((text) => text.split('\n', 1)[0] ?? ''),
  'drops-astral': messages((text) => text.replaceAll(/[\u{10000}-\u{10ffff}]/gu, '\ufffd')),
  'sends-ascii-only': {
    encodesMessage: (text) => honest.encodesMessage(text.replaceAll(/[^\0-\x7f]/gu, '?')),
  },
  'leaves-percent': { encodesMessage: (text) => honest.encodesMessage(text).replaceAll('%25', '%') },
  'loses-late-status': {
    ends: (ending, hasSentHeaders) => (hasSentHeaders && ending.code > 0 ? undefined : ending),
  },

  'holds-headers-back': steps((step) =>
    'headers' in step && (step.headers.entries ?? []).length === 0 ? [] : [step],
  ),
  'sees-no-deadline': seesTimeout(() => undefined),
  'sees-a-deadline-always': { sees: (call) => ({ ...call, timeoutMs: call.timeoutMs ?? 2 ** 31 }) },
  'reads-minutes': seesTimeout((ms) => ms / 60),
  'timer-of-32-bits': seesTimeout((ms) => (ms > 2 ** 31 ? 1 : ms)),
  'never-waits': steps((step) => ('waitMs' in step ? [] : [step])),
  // It would wait for those calls when it is told to stop.
  'never-notices': { noticesTheEnd: false, stops: () => process.exit(0) },

  'serves-any-method': findsElse((_, types) => honest.finds(pickOne, types)),
  'serves-any-service': findsElse((path, types) =>
    types.methods.values().find((each) => lastOf(each.path) === lastOf(path)),
  ),
  'silent-about-unknown': findsElse(() => never),

  'takes-1-mib': { limitBytes: 1024 * 1024 },
  'takes-anything': { limitBytes: Number.POSITIVE_INFINITY },
  'cannot-gunzip': { gunzips: () => Promise.reject(new Error('gzip is not installed')) },
  'hides-encoding': { responds: ({ 'grpc-encoding': _, ...fields }) => fields },

  'mixes-up-answers': {
    ends: (ending) => (ending.response && isRowMessage(ending.response) ? rotate(ending) : ending),
  },
  'tires-after-500': {
    ends: (ending) =>
      ++callCount > 500 ? { code: Code.UNAVAILABLE, message: 'too many calls', trailers: [] } : ending,
  },

  'records-otherwise': {
    ends: ({ response, ...ending }) => ({ ...ending, ...(response && { response: nextRow(response) }) }),
  },
  'records-nothing': { records() {} },
  'records-twice': {
    records(record, print) {
      print(record);
      print(record);
    },
  },
  'records-too-late': { records: (record, print) => void setTimeout(print, 60_000, record) },
  'forgets-call-ids': { records: (record, print) => print({ ...record, callId: '' }) },
  'records-short-method': {
    records: (record, print) => print({ ...record, method: lastOf(record.method) }),
  },
  'pretends-to-close': { obeys: async (line, carryOut) => (line.close ? { id: line.id } : carryOut()) },
  'never-comes-back': {
    async obeys({ id, listen, close }, carryOut) {
      if (listen?.port) return { id, port: listen.port };
      // Nor does it say so when it is to leave where it has never been.
      return close ? carryOut().catch(() => ({ id })) : carryOut();
    },
  },
} satisfies Record<string, Lie>;

/** `PickOne`, of the path that ends so. */
function lastOf(path: string): string {
  return path.replace(/.*\//, '');
}

/** The row behind it; another message as it is. */
function nextRow(message: Message): Message {
  if (!isRowMessage(message)) return message;
  const index = table.findIndex((row) => row.name === rowOf(message).name);
  return messageOf(table[(index + 1) % table.length] ?? row('Stitch'));
}
