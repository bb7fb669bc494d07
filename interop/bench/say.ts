/** One line of what was measured. */
export function say(name: string, figure: string, target: string, detail: string): void {
  process.stdout.write(`${name.padEnd(34)} ${figure.padStart(12)}   aim ${target.padEnd(20)} ${detail}\n`);
}

/** `12.3 s`. */
export function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}

export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

/** Runs a and b in turn, and gives the median of their ratios with both medians. */
export async function compare(
  rounds: number,
  a: () => Promise<number>,
  b: () => Promise<number>,
): Promise<{ ratio: number; detail: string }> {
  const pairs: [number, number][] = [];
  for (let round = 0; round < rounds; round++) pairs.push([await a(), await b()]);
  const ratio = median(pairs.map(([mine, bound]) => mine / bound));
  const [mine, bound] = [median(pairs.map(([first]) => first)), median(pairs.map(([, second]) => second))];
  return { ratio, detail: `${Math.round(mine)} ms against ${Math.round(bound)} ms, median of ${rounds}` };
}
