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
/** Statuses that carry a message. */
export const messages = [
  ...codes,
  'status/after-headers',
  ...['long', 'percent', 'line-breaks', 'cjk', 'emoji'].map((word) => `status/message-${word}`),
];
export const allCodesButUnknown = [
  ...codes.filter((code) => code !== 'status/unknown'),
  'status/message-*',
  'status/after-headers',
];
