/** What the machine did while something ran. */
import { cpus } from 'node:os';
import type { MachineUse } from '../model/event.ts';

/** Starts to look; what it gives tells what was used since then. */
export function watchMachine(): () => MachineUse {
  const [before, own] = [coreTimes(), process.cpuUsage()];
  return () => {
    const after = coreTimes();
    const { user, system } = process.cpuUsage(own);
    const [idle, all] = [after.idle - before.idle, after.all - before.all];
    return {
      cores: after.cores,
      idle: all > 0 ? Math.round((idle / all) * 1_000) / 1_000 : 0,
      harnessCpuMs: Math.round((user + system) / 1_000),
    };
  };
}

/** Of all cores together, in ms since the machine started. */
function coreTimes() {
  const cores = cpus();
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
  return {
    cores: cores.length,
    idle: sum(cores.map(({ times }) => times.idle)),
    all: sum(cores.flatMap(({ times }) => Object.values(times))),
  };
}
