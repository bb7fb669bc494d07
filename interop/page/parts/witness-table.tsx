import type { CallEvidence } from '../../model/evidence.ts';
import type { Mismatch } from '../../model/outcome.ts';
import { count } from '../../report/text.ts';
import { type Said as Word, witnessTable } from '../witness-rows.ts';
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
            <tr key={index} class={isAlike(row) ? '' : 'differs'}>
              <th scope="row">
                <Verbatim text={row.what} />
              </th>
              <td>
                <Verbatim text={row.wanted} />
              </td>
              {row.said.map(({ text, isWrong }, witness) => (
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
          ))}
        </tbody>
      </table>
      {hidden.size > 0 && <p class="quiet">… and {count(hidden.size, 'more row')}, all as wanted.</p>}
    </Scroller>
  );
}
