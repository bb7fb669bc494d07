/**
 * The one place where the wire's times become the cell's. Until a cell was judged they
 * are those of `performance.now`, since the harness reads along also between cells; no
 * verdict depends on where they begin.
 */
import { onClock } from '../model/clock.ts';
import type { CallEvidence } from '../model/evidence.ts';
import type { WireEvidence } from '../model/wire.ts';

/** The call, with the times of what crossed since the cell began, at `startedAt` of `performance.now`. */
export function onCellClock(call: CallEvidence, startedAt: number): CallEvidence {
  const path = call.path.map((witness) =>
    witness.at === 'wire' ? { ...witness, crossed: wireOn(witness.crossed, startedAt) } : witness,
  );
  return { ...call, path };
}

function wireOn({ streams, troubles, handshakes }: WireEvidence, startedAt: number): WireEvidence {
  function moved<T extends { readonly atMs: number }>(what: T): T {
    return { ...what, atMs: onClock(what.atMs, startedAt) };
  }
  return {
    streams: streams.map((stream) => ({ ...stream, frames: stream.frames.map(moved) })),
    troubles: troubles.map((trouble) => (trouble.kind === 'closed' ? moved(trouble) : trouble)),
    ...(handshakes && {
      handshakes: handshakes.map((each) => ({ ...each, alerts: each.alerts.map(moved) })),
    }),
  };
}
