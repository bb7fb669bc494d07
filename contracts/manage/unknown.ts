import { inTurn } from '../../interop/contract/builder.ts';
import type { Scenario } from '../../interop/model/scenario.ts';
import { notFound, type Service } from './service.ts';
import { source } from './source.ts';
import { row } from './table.ts';

const names: readonly (readonly [word: string, what: string, name: string])[] = [
  ['nobody', 'a name that nobody has', 'Nobody'],
  ['empty', 'the empty name', ''],
  ['other-case', 'a name in other case', 'stitch'],
  ['leading-blank', 'a name behind a blank', ' Stitch'],
  ['trailing-blank', 'a name before a blank', 'Stitch '],
  ['embedded-nul', 'a name with a NUL inside', 'Sti\0tch'],
  ['nul-behind', 'a name with a NUL behind it', 'Stitch\0'],
  ['cjk', 'a name in Chinese', '史迪奇'],
  ['emoji', 'emoji with joiners', '👩‍👩‍👧‍👦🏳️‍🌈'],
  ['composed', 'é as one code point', 'Stitch\u00e9'],
  ['decomposed', 'é as a letter and an accent', 'Stitche\u0301'],
  ['skill', "a row's skill in place of its name", row('Stitch').skill],
  ['64-kib', '64 KiB of a', 'a'.repeat(65536)],
];

/** Names that must not be found, and must arrive as they were sent. */
export function unknown({ scenario, call }: Service): readonly Scenario[] {
  return names.map(([word, what, name]) =>
    scenario({
      name: `unknown/${word}`,
      title: `NOT_FOUND for ${what}, which the server saw as it was sent.`,
      source: source('service', 'The name to look for, compared exactly: case, blanks and Unicode form.'),
      steps: [inTurn({ spec: call(name), expect: notFound })],
    }),
  );
}
