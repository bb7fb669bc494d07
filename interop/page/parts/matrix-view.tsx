import type { ComponentChildren } from 'preact';
import { useRef } from 'preact/hooks';
import type { Role } from '../../model/peer.ts';
import type { BlameLine } from '../../outcome/blame.ts';
import type { Matrix } from '../../outcome/matrix.ts';
import { blameSentence } from '../../report/blame.ts';
import { countPlaces, type Place, standingsOf, worstOf } from '../../report/places.ts';
import { looks } from '../../report/standing.ts';
import { moveInGrid } from '../grid-keys.ts';
import type { Run } from '../run.ts';
import { address, blameLines, go, isAskedFor, isRunning, pointedAt } from '../state.ts';
import { Scroller } from './scroller.tsx';
import { StandingMark } from './standing-mark.tsx';

/** Clients down, servers across; how many of the cells that are asked for passed in each pairing. */
export function MatrixView({ run }: { run: Run }) {
  const { matrix } = run;
  const places = countPlaces(matrix, isAskedFor.value);
  const busy = new Set([...run.running].map((id) => id.split('/', 2).join('/')));
  return (
    <PairTable
      run={run}
      caption="passed of planned cells, for each client and server"
      // What would widen a column while the run goes on waits for its end.
      blame={isRunning.value ? new Map() : blameByPeer(blameLines.value)}
      cell={(pairing, place) => {
        const found = places.get(pairing);
        return (
          found && <PlaceButton pairing={pairing} place={place} counts={found} isBusy={busy.has(pairing)} />
        );
      }}
    />
  );
}

interface PairTableProps {
  readonly run: Run;
  readonly caption: string;
  /** What stands beside a peer's header, by `role peer`. */
  readonly blame?: ReadonlyMap<string, string>;
  /** `place` is `row,column`, for the arrow keys. */
  readonly cell: (pairing: string, place: string) => ComponentChildren;
}

/** A table of pairings, whatever is told of each. */
export function PairTable({ run, caption, blame, cell }: PairTableProps) {
  const { clients, servers } = peersOf(run.matrix);
  const columns = useRef<HTMLTableColElement[]>([]);
  /** The column lights up; the row does by its style. */
  function light(target: EventTarget | null): void {
    const index = (target as HTMLElement | null)?.closest('td')?.cellIndex;
    for (const [at, column] of columns.current.entries()) column?.classList.toggle('lit', at + 1 === index);
  }
  return (
    <Scroller label={caption}>
      <table
        class="matrix"
        onKeyDown={moveInGrid}
        onPointerOver={(event) => light(event.target)}
        onPointerLeave={() => light(null)}
        onFocusIn={(event) => light(event.target)}
      >
        <caption>{caption}</caption>
        <colgroup>
          <col />
          {servers.map((server, index) => (
            <col
              key={server}
              ref={(column) => {
                if (column) columns.current[index] = column;
              }}
            />
          ))}
        </colgroup>
        <thead>
          <tr>
            <th scope="col" class="corner">
              client ╲ server
            </th>
            {servers.map((server) => (
              <th key={server} scope="col">
                {server}
                <Blamed sentence={blame?.get(`server ${server}`)} />
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {clients.map((client, row) => (
            <tr key={client}>
              <th scope="row">
                {client}
                <Blamed sentence={blame?.get(`client ${client}`)} />
              </th>
              {servers.map((server, column) => (
                <td key={server}>{cell(`${client}/${server}`, `${row},${column}`)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </Scroller>
  );
}

export function peersOf({ started }: Matrix): { clients: readonly string[]; servers: readonly string[] } {
  const cells = started?.cells ?? [];
  return {
    clients: [...new Set(cells.map(({ client }) => client))],
    servers: [...new Set(cells.map(({ server }) => server))],
  };
}

function Blamed({ sentence }: { sentence: string | undefined }) {
  return sentence ? <span class="blamed">{sentence}</span> : null;
}

/** What a peer fails in that role, without its name: it stands beside it. */
function blameByPeer(lines: readonly BlameLine[]): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const line of lines) {
    const key: `${Role} ${string}` = `${line.role} ${line.peer}`;
    const sentence = blameSentence(line).slice(`${line.peer} ${line.role} `.length);
    found.set(key, found.has(key) ? `${found.get(key)}; ${sentence}` : sentence);
  }
  return found;
}

interface PlaceButtonProps {
  readonly pairing: string;
  readonly place: string;
  readonly counts: Place;
  readonly isBusy: boolean;
}

function PlaceButton({ pairing, place, counts, isBusy }: PlaceButtonProps) {
  const told = standingsOf(counts);
  const worst = worstOf(counts);
  const passed = counts.counts.get('ok') ?? 0;
  const isOpen = address.value.at === pairing || address.value.at.startsWith(`${pairing}/`);
  const isPointedOut = pointedAt.value !== undefined && counts.counts.has(pointedAt.value);
  const state = [worst, isBusy && 'busy', isOpen && 'open', isPointedOut && 'pointed-out'];
  const words = told.map(([standing, count]) => `${count} ${looks[standing].word}`).join(', ');
  const [client, server] = pairing.split('/');
  return (
    <button
      type="button"
      class={`place ${state.filter(Boolean).join(' ')}`}
      data-place={place}
      data-pairing={pairing}
      style={{ minWidth: `max(84px, ${2 * String(counts.planned).length + 5}ch)` }}
      tabIndex={place === '0,0' ? 0 : -1}
      aria-label={`${client} client, ${server} server: ${passed}/${counts.planned} ${looks[worst].word}: ${words}`}
      onClick={() => go({ at: pairing, round: 0 })}
    >
      <span class="count">
        {passed}/{counts.planned} <StandingMark standing={worst} />
      </span>
      <span class="bar" aria-hidden="true">
        {told.map(([standing, count]) => (
          <span key={standing} class={standing} style={{ flexGrow: count }} />
        ))}
      </span>
    </button>
  );
}
