/** What a program has cost the machine so far. */
import { readFileSync } from 'node:fs';

export interface Cost {
  readonly peakMiB: number;
  readonly cpuMs: number;
  /** Of the programs that it started and that have ended, with theirs. Absent: this system does not tell. */
  readonly childrenCpuMs?: number;
}

/** "utime … measured in clock ticks (divide by sysconf(_SC_CLK_TCK))", which is 100 on every Linux. */
const tickMs = 10;

/** Of this program. */
export function ownCost(): Cost {
  const { user, system } = process.cpuUsage();
  const childrenCpuMs = endedChildrenMs();
  return {
    peakMiB: process.resourceUsage().maxRSS / 1024,
    cpuMs: (user + system) / 1000,
    ...(childrenCpuMs !== undefined && { childrenCpuMs }),
  };
}

/** `cutime` and `cstime` of proc_pid_stat(5), the 14th and 15th field behind the name, which may hold anything. */
function endedChildrenMs(): number | undefined {
  try {
    const text = readFileSync('/proc/self/stat', 'utf8');
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return (Number(fields[13]) + Number(fields[14])) * tickMs;
  } catch {
    return undefined;
  }
}
