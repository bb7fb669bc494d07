/** Lies of a peer that plays both roles: with itself it agrees about them, and no record is wrong. */
import type { Row } from '../../../contracts/manage/table.ts';
import type { Lie } from '../program/behaviour.ts';
import { honest } from '../program/honest.ts';
import { encodeFields, textIn } from './fields.ts';
import { encodeRow, isQuestion, readsRows, writesRows } from './rows.ts';

function swapped({ name, id, skill }: Row): Row {
  return { name: skill, id, skill: name };
}

export const swapLies = {
  'swaps-fields': { ...writesRows((row) => encodeRow(swapped(row))), ...readsRows(swapped) },
  'asks-in-field-2': {
    serializes: (type, message, to) =>
      to === 'wire' && isQuestion(type)
        ? encodeFields([[2, textIn(honest.serializes(type, message, to), 1)]])
        : honest.serializes(type, message, to),
    parses: (type, bytes, from) =>
      from === 'wire' && isQuestion(type)
        ? honest.parses(type, encodeFields([[1, textIn(bytes, 2)]]), from)
        : honest.parses(type, bytes, from),
  },
} satisfies Record<string, Lie>;
