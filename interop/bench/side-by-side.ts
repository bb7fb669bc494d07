import type { Measured } from './engine-run.ts';

type Row = readonly [name: string, figure: string, detail: string];

/** How much of a run went on at the same time: the sum of the parts by the time they took together. */
export function sideBySide(events: Measured['events']): readonly Row[] {
  const starts = events.filter((event) => event.type === 'peer-started');
  const startSum = starts.reduce((sum, event) => sum + event.startupMs, 0);
  const startWall =
    Math.max(...starts.map((event) => event.atMs)) -
    Math.min(...starts.map((event) => event.atMs - event.startupMs));
  const cells = events.filter((event) => event.type === 'cell-finished');
  const lanes = Map.groupBy(cells, ({ result }) => `${result.client}/${result.server}`);
  const spans = [...lanes.values()].map((lane) => [
    Math.min(...lane.map((event) => event.atMs - event.result.durationMs)),
    Math.max(...lane.map((event) => event.atMs)),
  ]);
  const laneSum = spans.reduce((sum, [from = 0, to = 0]) => sum + to - from, 0);
  const laneWall = Math.max(...spans.map(([, to = 0]) => to)) - Math.min(...spans.map(([from = 0]) => from));
  return [
    [
      'starts side by side',
      (startSum / startWall).toFixed(1),
      `${starts.length} starts, ${Math.round(startSum)} ms in ${Math.round(startWall)} ms`,
    ],
    [
      'lanes side by side',
      (laneSum / laneWall).toFixed(1),
      `${spans.length} lanes, ${Math.round(laneSum)} ms in ${Math.round(laneWall)} ms`,
    ],
  ];
}
