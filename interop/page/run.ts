import { type Cell, cellId } from '../model/cell.ts';
import type { CellResult } from '../model/event.ts';
import type { Implementation, Role } from '../model/peer.ts';
import { type Matrix, startFold } from '../outcome/matrix.ts';
import { startTimings, type Timings } from '../outcome/timings.ts';
import type { Detail, PageEvent, SlimResult } from '../report/page-data.ts';

/** What a peer said it is made of, and what was built of it. */
export interface PeerFacts {
  readonly title: string;
  readonly artifact?: string;
  readonly roles: Partial<Record<Role, Implementation>>;
}

/** One run, as far as its events have come. */
export interface Run {
  readonly matrix: Matrix;
  readonly timings: Timings;
  /** Planned cells by id, in the order of the plan. */
  readonly cells: ReadonlyMap<string, Cell>;
  /** Those that play that role, in the order of the plan. */
  readonly clients: readonly string[];
  readonly servers: readonly string[];
  /** By cell id, in the order in which the rounds ended. */
  readonly results: ReadonlyMap<string, readonly SlimResult[]>;
  /** Of each cell that is not ok, the result that shows why; by cell id. */
  readonly telling: ReadonlyMap<string, CellResult>;
  /** Ids of the cells that are being played. */
  readonly running: ReadonlySet<string>;
  readonly peers: ReadonlyMap<string, PeerFacts>;
  /** What only an opened cell needs; undefined when it was left out. Rejects when the page is damaged. */
  detail(id: string, round: number): Promise<Detail | undefined>;
}

/** A run that takes events one by one. `read` finds the detail of a cell in a round. */
export interface RunFold {
  readonly run: Run;
  add(event: PageEvent): void;
}

const noEvidence = { calls: [], omitted: 0 } as const;

export function startRun(
  read: (id: string, round: number, chunk: number) => Promise<Detail | undefined>,
): RunFold {
  const fold = startFold();
  const timings = startTimings();
  const cells = new Map<string, Cell>();
  const clients: string[] = [];
  const servers: string[] = [];
  const results = new Map<string, SlimResult[]>();
  const telling = new Map<string, CellResult>();
  const running = new Set<string>();
  const peers = new Map<string, PeerFacts>();
  const chunks = new Map<string, number>();

  function learn(peer: string, more: Partial<PeerFacts>): void {
    const known = peers.get(peer) ?? { title: peer, roles: {} };
    peers.set(peer, { ...known, ...more, roles: { ...known.roles, ...more.roles } });
  }

  function note(event: PageEvent): void {
    switch (event.type) {
      case 'run-started':
        for (const cell of event.cells) cells.set(cellId(cell), cell);
        for (const { name, title } of event.peers) learn(name, { title });
        // A second run in the same log is a problem of it, and no more columns.
        if (clients.length > 0) return;
        clients.push(...new Set(event.cells.map(({ client }) => client)));
        servers.push(...new Set(event.cells.map(({ server }) => server)));
        return;
      case 'peer-built':
        if (event.artifact) learn(event.peer, { artifact: event.artifact });
        return;
      case 'peer-started':
        learn(event.peer, { roles: { [event.role]: event.implementation } });
        return;
      case 'cell-started':
        running.add(cellId(event));
        return;
      case 'cell-finished': {
        const id = cellId(event.result);
        running.delete(id);
        const list = results.get(id);
        if (list) list.push(event.result);
        else results.set(id, [event.result]);
        if (event.chunk !== undefined) chunks.set(`${id} ${event.result.round}`, event.chunk);
        return;
      }
      case 'run-finished':
        running.clear();
        return;
      case 'peer-building':
      case 'peer-stopped':
        return;
      default:
        event satisfies never;
    }
  }

  return {
    run: {
      matrix: fold.matrix,
      timings: timings.timings,
      cells,
      clients,
      servers,
      results,
      telling,
      running,
      peers,
      async detail(id, round) {
        const chunk = chunks.get(`${id} ${round}`);
        return chunk === undefined ? undefined : read(id, round, chunk);
      },
    },
    add(event) {
      note(event);
      // The fold looks at no evidence; it is the runner's own, and takes the runner's events.
      const whole =
        event.type === 'cell-finished'
          ? { ...event, result: { ...event.result, evidence: noEvidence } }
          : event;
      fold.add(whole);
      for (const result of fold.matrix.notable.slice(telling.size)) telling.set(cellId(result), result);
      timings.add(whole);
    },
  };
}
