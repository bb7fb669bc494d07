import type { RunEvent } from '../model/event.ts';
import { count } from './text.ts';

/** `3 clients × 3 servers × 69 scenarios = 621 cells, as processes (as demanded)`. */
export function headline(event: Extract<RunEvent, { type: 'run-started' }>): string {
  const clients = new Set(event.cells.map((cell) => cell.client)).size;
  const servers = new Set(event.cells.map((cell) => cell.server)).size;
  const product = clients * servers * event.scenarios.length;
  const sizes = `${count(clients, 'client')} × ${count(servers, 'server')} × ${count(event.scenarios.length, 'scenario')}`;
  const sum =
    product === event.cells.length
      ? ` = ${count(product, 'cell')}`
      : `, ${count(event.cells.length, 'cell')} of them selected`;
  const rounds = event.rounds > 1 ? `, ${event.rounds} times each` : '';
  const where =
    { container: 'in containers', process: 'as processes', memory: 'in memory' }[event.launcher.kind] ??
    event.launcher.kind;
  const tls = event.transport === 'tls' ? ', over TLS' : '';
  const tap = event.isTapped ? '' : ', nobody reads along';
  return `${sizes}${sum}${rounds}, ${where} (${event.launcher.why})${tls}${tap}`;
}
