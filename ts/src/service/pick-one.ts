// The plain service.
import { status } from '@grpc/grpc-js';
import type { PickOne } from './messages.ts';
import { table } from './table.ts';

/** Answers with the row of that name, or NOT_FOUND "expirement not found". */
export const pickOne: PickOne = (call, callback) => {
  const row = table.get(call.request.name ?? '');
  if (row === undefined) callback({ code: status.NOT_FOUND, details: 'expirement not found' });
  else callback(null, row);
};
