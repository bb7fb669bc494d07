import type { CellResult, RunEvent } from '../model/event.ts';
import { pack } from '../report/packed.ts';
import { type Detail, split } from '../report/page-data.ts';

const done = new WeakSet<RunEvent>();

/** The same event, whose detail is packed until somebody asks for it: so a whole log can be kept. */
export function packed(event: RunEvent): RunEvent {
  if (event.type !== 'cell-finished' || done.has(event)) return event;
  const { result, detail } = split(event.result);
  const text = pack(JSON.stringify(detail));
  const unpacked = () => JSON.parse(text.text()) as Detail;
  const evidence = { enumerable: true, get: () => unpacked().evidence };
  const logs = { enumerable: true, get: () => unpacked().logs };
  const getters = { evidence, ...(detail.logs && { logs }) };
  const small = { ...event, result: Object.defineProperties({ ...result }, getters) as CellResult };
  done.add(small);
  return small;
}
