import { describe, expect, it } from 'vitest';
import { anEvidence } from '../fixtures/values.ts';
import { aFrame, aStream, aWire } from '../fixtures/wire.ts';
import { wireOf } from '../model/evidence.ts';
import { onCellClock } from './clock.ts';

describe('the clock of a cell', () => {
  it('begins with the cell: what passed before has a negative time', () => {
    const closed = { kind: 'closed', connection: 1, by: 'server', how: 'end' } as const;
    const silent = { kind: 'silent', connection: 2 } as const;
    const wire = (first: number, second: number, end: number) =>
      aWire({
        streams: [
          aStream({
            frames: [
              aFrame(0, 'client', 'SETTINGS', { atMs: first }),
              aFrame(1, 'client', 'HEADERS', { atMs: second }),
            ],
          }),
        ],
        troubles: [{ ...closed, atMs: end }, silent],
      });
    const given = anEvidence({ wire: wire(990, 1002.126, 1003) });
    expect(onCellClock(given, 1000)).toEqual(anEvidence({ wire: wire(-10, 2.13, 3) }));
    expect(given).toEqual(anEvidence({ wire: wire(990, 1002.126, 1003) }));
  });

  it('knows no minus zero', () => {
    const wire = aWire({ streams: [aStream({ frames: [aFrame(0, 'client', 'DATA', { atMs: 999.999 })] })] });
    const { streams = [] } = wireOf(onCellClock(anEvidence({ wire }), 1000)) ?? {};
    expect(streams[0]?.frames[0]?.atMs).toBe(0);
  });

  it('changes nothing where nobody read along', () => {
    expect(onCellClock(anEvidence(), 1000)).toEqual(anEvidence());
  });
});
