import type { Matrix } from '../outcome/matrix.ts';
import type { Timings } from '../outcome/timings.ts';
import { count, duration } from './text.ts';

/**
 * Where the time of a run went, in a line: `built in 1 min 9 s, started in 4.2 s; 12,345 calls; 3 min 12 s of
 * cells side by side, 41.0 s of them waiting on purpose; the harness used 42.0 s of 2 cores, which were idle for 7%`.
 * Undefined: it has not finished, or is of a log that does not say.
 */
export function spentText({ finished }: Matrix, { builds, startUps, cells }: Timings): string | undefined {
  if (!finished?.machine) return undefined;
  const { machine } = finished;
  const built = Math.max(
    0,
    ...[...builds.values()].filter(({ cached }) => !cached).map(({ buildMs }) => buildMs),
  );
  const started = Math.max(0, ...[...startUps.values()].flat().map(({ startupMs }) => startupMs));
  const ofClients = [...cells].filter(([key]) => key.endsWith('/client')).map(([, times]) => times);
  const sum = (key: 'calls' | 'ms' | 'waitingMs') => ofClients.reduce((total, each) => total + each[key], 0);
  const slowest = [
    ...(built > 0 ? [`built in ${duration(built)}`] : []),
    ...(started > 0 ? [`started in ${duration(started)}`] : []),
  ].join(', ');
  return [
    ...(slowest === '' ? [] : [slowest]),
    count(sum('calls'), 'call'),
    `${duration(sum('ms'))} of cells side by side, ${duration(sum('waitingMs'))} of them waiting on purpose`,
    `the harness used ${duration(machine.harnessCpuMs)} of ${count(machine.cores, 'core')}, idle for ${Math.round(machine.idle * 100)}%`,
  ].join('; ');
}
