// The service under test. It knows nothing of the harness.
import type { MessageInitShape } from '@bufbuild/protobuf';
import { Code, ConnectError } from '@connectrpc/connect';
import type { ExpirementSchema, NameRequest } from './gen/expirement_pb.js';

/** The rows that every server knows. */
const table: readonly MessageInitShape<typeof ExpirementSchema>[] = [
  { id: 0, name: 'Cyber', skill: 'breaking' },
  { id: 1, name: 'Shrink', skill: 'short-flying' },
  { id: 2, name: 'Doubledip', skill: 'filting anying' },
  { id: 3, name: 'Howcome', skill: 'making why' },
  { id: 4, name: 'Squawk', skill: 'advanced language skill' },
  { id: 5, name: 'Truxx', skill: 'seting up heavy machine' },
  { id: 6, name: 'Gigi', skill: 'touching ur heart' },
  { id: 7, name: 'Stitch', skill: 'making annoyed noise' },
];

/** The row of exactly that name, or NOT_FOUND. */
export function pickOne({ name }: NameRequest): MessageInitShape<typeof ExpirementSchema> {
  const row = table.find((row) => row.name === name);
  if (row === undefined) throw new ConnectError('expirement not found', Code.NotFound);
  return row;
}
