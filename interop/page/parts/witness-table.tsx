import type { CallEvidence } from '../../model/evidence.ts';
import type { Mismatch } from '../../model/outcome.ts';
import { count } from '../../report/text.ts';
import { witnesses, witnessRows } from '../witness-rows.ts';
import { Said } from './said.tsx';
import { Scroller } from './scroller.tsx';

/** Rows that are as wanted; more of them say no more. */
const shownAlike = 12;

/** Wanted, client, server, wire, side by side; what is not as wanted is marked. */
export function WitnessTable({ call, mismatches }: { call: CallEvidence; mismatches: readonly Mismatch[] }) {
  const all = witnessRows(call, mismatches);
  const alike = all.filter((row) => row.wrong.length === 0);
  const hidden = new Set(alike.slice(shownAlike));
  const rows = all.filter((row) => !hidden.has(row));
  return (
    <Scroller label={`what was wanted and said of call ${call.index + 1}`}>
      <table class="witnesses">
        <thead>
          <tr>
            <td />
            <th scope="col">wanted</th>
            <th scope="col">client says</th>
            <th scope="col">server says</th>
            <th scope="col">on the wire</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row, index) => (
            <tr key={index} class={row.wrong.length > 0 ? 'differs' : ''}>
              <th scope="row">
                <Said text={row.what} />
              </th>
              <td>
                <Said text={row.wanted} />
              </td>
              {witnesses.map((witness) => (
                <td key={witness} class={row.wrong.includes(witness) ? 'wrong' : ''}>
                  {row.wrong.includes(witness) && (
                    <>
                      <span aria-hidden="true">✕ </span>
                      <span class="unseen">not as wanted: </span>
                    </>
                  )}
                  <Said text={row[witness]} />
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
