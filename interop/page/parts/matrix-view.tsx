import type { ComponentChildren } from 'preact';
import { useRef } from 'preact/hooks';
import type { Role } from '../../model/peer.ts';
import type { BlameLine } from '../../outcome/blame.ts';
import { countPlaces, countsText, type Place, standingsOf, worstOf } from '../../report/places.ts';
import { looks } from '../../report/standing.ts';
import { type Column, columnsOf, sumOf } from '../columns.ts';
import { turnedTo } from '../folds.ts';
import { moveInGrid } from '../grid-keys.ts';
import type { Run } from '../run.ts';
import { address, blameLines, go, isAskedFor, pointedAt, turnFold } from '../state.ts';
import { FoldButton } from './fold-button.tsx';
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
      blame={blameByPeer(blameLines.value)}
      columns={columnsOf(run.servers, (key) => turnedTo(address.value.folds, key))}
      cell={(client, column, place) => {
        const pairings = column.servers.map((server) => `${client}/${server}`);
        const found = pairings.flatMap((pairing) => places.get(pairing) ?? []);
        return (
          found.length > 0 && (
            <PlaceButton
              client={client}
              column={column}
              place={place}
              counts={sumOf(found)}
              isBusy={pairings.some((pairing) => busy.has(pairing))}
              isSmall={isWide(run)}
            />
          )
        );
      }}
    />
  );
}

interface PairTableProps {
  readonly run: Run;
  readonly caption: string;
  /** Peers that fail something, by `role peer`: whether the ledger knows all of it. */
  readonly blame?: ReadonlyMap<string, boolean>;
  /** One for each server, unless it is said. */
  readonly columns?: readonly Column[];
  /** `place` is `row,column`, for the arrow keys. */
  readonly cell: (client: string, column: Column, place: string) => ComponentChildren;
}

/** A table of pairings, whatever is told of each. */
export function PairTable({ run, caption, blame, columns = singleColumns(run), cell }: PairTableProps) {
  const { clients } = run;
  const drawn = useRef<HTMLTableColElement[]>([]);
  /** The column lights up; the row does by its style. */
  function light(target: EventTarget | null): void {
    const index = (target as HTMLElement | null)?.closest('td')?.cellIndex;
    for (const [at, column] of drawn.current.entries()) column?.classList.toggle('lit', at + 1 === index);
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
          {columns.map(({ name }, index) => (
            <col
              key={name}
              ref={(column) => {
                if (column) drawn.current[index] = column;
              }}
            />
          ))}
        </colgroup>
        <thead>
          <tr>
            <th scope="col" class="corner">
              client ╲ server
            </th>
            {columns.map(({ name, servers, fold }) => (
              <th key={name} scope="col">
                {fold ? (
                  <FoldButton fold={fold} isOpen={fold.isOpen}>
                    {name}
                  </FoldButton>
                ) : (
                  name
                )}{' '}
                <Blamed isKnown={isKnownOf(servers.map((server) => blame?.get(`server ${server}`)))} />
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {clients.map((client, row) => (
            <tr key={client}>
              <th scope="row">
                {client} <Blamed isKnown={blame?.get(`client ${client}`)} />
              </th>
              {columns.map((column, index) => (
                <td key={column.name}>{cell(client, column, `${row},${index}`)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </Scroller>
  );
}

function singleColumns({ servers }: Run): readonly Column[] {
  return servers.map((name) => ({ name, servers: [name] }));
}

/** A glyph, whose room is there before it is; what it is about stands in the list of who fails. */
function Blamed({ isKnown }: { isKnown: boolean | undefined }) {
  return (
    <span class="blamed">
      {isKnown !== undefined && <StandingMark standing={isKnown ? 'known' : 'unexpected'} />}
    </span>
  );
}

/** Of several: undefined where nobody fails anything. */
function isKnownOf(all: readonly (boolean | undefined)[]): boolean | undefined {
  const said = all.filter((each) => each !== undefined);
  return said.length === 0 ? undefined : said.every(Boolean);
}

function blameByPeer(lines: readonly BlameLine[]): ReadonlyMap<string, boolean> {
  const found = new Map<string, boolean>();
  for (const line of lines) {
    const key: `${Role} ${string}` = `${line.role} ${line.peer}`;
    found.set(key, (found.get(key) ?? true) && line.isKnown);
  }
  return found;
}

/** With more servers than these, the matrix has the whole width, and smaller places. */
const maxBesideServers = 7;

export function isWide(run: Run): boolean {
  return run.servers.length > maxBesideServers;
}

interface PlaceButtonProps {
  readonly client: string;
  readonly column: Column;
  readonly place: string;
  readonly counts: Place;
  readonly isBusy: boolean;
  readonly isSmall: boolean;
}

/** One pairing, or those of several servers that are folded: it opens what it stands for. */
function PlaceButton({ client, column, place, counts, isBusy, isSmall }: PlaceButtonProps) {
  const { fold, servers } = column;
  const [server, ...others] = servers;
  const pairing = `${client}/${server}`;
  const told = standingsOf(counts);
  const worst = worstOf(counts);
  const passed = counts.counts.get('ok') ?? 0;
  const isOpen = servers.some((each) => isAt(`${client}/${each}`));
  const isPointedOut = pointedAt.value !== undefined && counts.counts.has(pointedAt.value);
  const state = [worst, isBusy && 'busy', isOpen && 'open', isPointedOut && 'pointed-out'];
  const whom = others.length === 0 ? `${server} server` : `${column.name} servers`;
  return (
    <button
      type="button"
      class={`place ${state.filter(Boolean).join(' ')}`}
      data-place={place}
      data-pairing={pairing}
      style={{
        minWidth: isSmall
          ? `${String(counts.planned).length + 3.5}ch`
          : `max(84px, ${2 * String(counts.planned).length + 5}ch)`,
      }}
      tabIndex={place === '0,0' ? 0 : -1}
      aria-label={`${client} client, ${whom}: ${passed}/${counts.planned} ${looks[worst].word}: ${countsText(counts)}`}
      onClick={() => (fold && !fold.isOpen ? turnFold(fold, true) : go({ at: pairing, round: 0 }))}
    >
      <span class="count">
        {isSmall ? passed : `${passed}/${counts.planned}`} <StandingMark standing={worst} />
      </span>
      <span class="bar" aria-hidden="true">
        {told.map(([standing, count]) => (
          <span key={standing} class={standing} style={{ flexGrow: count }} />
        ))}
      </span>
    </button>
  );
}

function isAt(pairing: string): boolean {
  const { at } = address.value;
  return at === pairing || at.startsWith(`${pairing}/`);
}
