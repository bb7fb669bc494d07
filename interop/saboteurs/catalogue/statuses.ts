/** Names of scenarios about statuses. */

export const codes = [
  'cancelled',
  'unknown',
  'invalid-argument',
  'deadline-exceeded',
  'not-found',
  'already-exists',
  'permission-denied',
  'resource-exhausted',
  'failed-precondition',
  'aborted',
  'out-of-range',
  'unimplemented',
  'internal',
  'unavailable',
  'data-loss',
  'unauthenticated',
].map((code) => `status/${code}`);
/** Statuses that a script has in other contracts. */
const more = ['streams/then-status', 'streams/server-ends-early', 'details/*'];
/** Statuses that are not ASCII, or have a percent sign, are escaped. */
export const escaped = [
  ...['percent', 'line-breaks', 'cjk', 'emoji'].map((word) => `status/message-${word}`),
  'details/with-trailers',
];
/** All statuses that a script has. */
export const statuses = ['status/*', ...more];
/** Statuses that carry a message. */
export const messages = [
  ...codes,
  ...more,
  'status/after-headers',
  ...['long', 'percent', 'line-breaks', 'cjk', 'emoji'].map((word) => `status/message-${word}`),
];
export const allCodesButUnknown = [
  ...codes.filter((code) => code !== 'status/unknown'),
  'status/message-*',
  'status/after-headers',
  ...more,
];
