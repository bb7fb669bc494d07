/** `grpc-timeout`, and what it says. */

const msOfUnit: Readonly<Record<string, number>> = {
  H: 3_600_000,
  M: 60_000,
  S: 1_000,
  m: 1,
  u: 0.001,
  n: 0.000_001,
};

/** In ms. "TimeoutValue → {positive integer as ASCII string of at most 8 digits}"; undefined: it is none. */
export function timeoutOf(value: string): number | undefined {
  const [, digits, unit = ''] = /^(\d{1,8})([HMSmun])$/.exec(value) ?? [];
  return digits === undefined ? undefined : Number(digits) * (msOfUnit[unit] ?? 0);
}
