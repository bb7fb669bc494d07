import { describe, expect, it } from 'vitest';
import { allSorts } from '../fixtures/runs.ts';
import type { RunEvent } from '../model/event.ts';
import { packed } from './packed.ts';

describe('an event that is packed', () => {
  it('is as it was, whoever looks at it', async () => {
    const events = await allSorts();
    const small = events.map(packed);
    expect(small).toEqual(events);
    const copied = small.map((event) => JSON.parse(JSON.stringify(event)) as RunEvent);
    expect(copied).toEqual(events.map((event) => JSON.parse(JSON.stringify(event))));
  });

  it('holds no detail, and is packed once', async () => {
    const events = await allSorts();
    for (const event of events) {
      const small = packed(event);
      expect(packed(small)).toBe(small);
      if (small.type !== 'cell-finished') continue;
      const detail = Object.getOwnPropertyDescriptors(small.result);
      expect([detail.evidence.value, detail.logs?.value]).toEqual([undefined, undefined]);
      expect('logs' in small.result).toBe(event.type === 'cell-finished' && event.result.logs !== undefined);
    }
  });
});
