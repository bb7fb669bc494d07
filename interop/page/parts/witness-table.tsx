import { Fragment } from 'preact';
import type { CallEvidence } from '../../model/evidence.ts';
import type { Mismatch } from '../../model/outcome.ts';
import { count } from '../../report/text.ts';
import { type WitnessRow, type Said as Word, witnessTable } from '../witness-rows.ts';
import { Scroller } from './scroller.tsx';
import { Verbatim } from './verbatim.tsx';

/** Rows that are as wanted; more of them say no more. */
const shownAlike = 12;

/** What was wanted and what each witness says, side by side; what is not as wanted is marked. */
export function WitnessTable({ call, mismatches }: { call: CallEvidence; mismatches: readonly Mismatch[] }) {
  const { heads, rows: all } = witnessTable(call, mismatches);
  const isAlike = ({ said }: { readonly said: readonly Word[] }) => !said.some(({ isWrong }) => isWrong);
  const alike = all.filter(isAlike);
  const hidden = new Set(alike.slice(shownAlike));
  const rows = all.filter((row) => !hidden.has(row));
  return (
    <Scroller label={`what was wanted and said of call ${call.index + 1}`}>
      <table class="witnesses">
        <thead>
          <tr>
            <td />
            <th scope="col">wanted</th>
            {heads.map((head) => (
              <th key={head} scope="col">
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, index) => (
            <Fragment key={index}>
              <Row row={row} name={isAlike(row) ? '' : 'differs'} />
              {row.fields?.slice(0, shownFields).map((field) => (
                <Row key={field.what} row={field} name="field" />
              ))}
              <MoreFields hidden={(row.fields?.length ?? 0) - shownFields} columns={heads.length + 2} />
            </Fragment>
          ))}
        </tbody>
      </table>
      {hidden.size > 0 && <p class="quiet">… and {count(hidden.size, 'more row')}, all as wanted.</p>}
    </Scroller>
  );
}

/** More fields that differ say no more. */
const shownFields = 12;

function MoreFields({ hidden, columns }: { hidden: number; columns: number }) {
  return hidden > 0 ? (
    <tr class="field">
      <td colSpan={columns} class="quiet">
        … and {count(hidden, 'more field')} that {hidden === 1 ? 'is' : 'are'} not as wanted
      </td>
    </tr>
  ) : null;
}

function Row({ row: { what, wanted, said }, name }: { row: WitnessRow; name: string }) {
  return (
    <tr class={name}>
      <th scope="row">
        <Verbatim text={what} />
      </th>
      <td>
        <Verbatim text={wanted} />
      </td>
      {said.map(({ text, isWrong }, witness) => (
        <td key={witness} class={isWrong ? 'wrong' : ''}>
          {isWrong && (
            <>
              <span aria-hidden="true">✕ </span>
              <span class="unseen">not as wanted: </span>
            </>
          )}
          <Verbatim text={text} />
        </td>
      ))}
    </tr>
  );
}
