import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { CellResult, RunEvent } from '../model/event.ts';
import { type Detail, split } from '../report/page-data.ts';

const done = new WeakSet<RunEvent>();

/** The same event, whose detail is packed until somebody asks for it: so a whole log can be kept. */
export function packed(event: RunEvent): RunEvent {
  if (event.type !== 'cell-finished' || done.has(event)) return event;
  const { result, detail } = split(event.result);
  const bytes = deflateRawSync(JSON.stringify(detail), { level: 1 });
  const unpacked = () => JSON.parse(inflateRawSync(bytes).toString()) as Detail;
  const evidence = { enumerable: true, get: () => unpacked().evidence };
  const logs = { enumerable: true, get: () => unpacked().logs };
  const getters = { evidence, ...(detail.logs && { logs }) };
  const small = { ...event, result: Object.defineProperties({ ...result }, getters) as CellResult };
  done.add(small);
  return small;
}
