// The service under test, as a person would write it. The driver calls it where no script answers.
import { Code, ConnectError, type ServiceImpl } from '@connectrpc/connect';
import type { Manage, NameRequest } from './gen/expirement_pb.ts';

/** The rows that every server knows. */
const table = [
  { id: 0, name: 'Cyber', skill: 'breaking' },
  { id: 1, name: 'Shrink', skill: 'short-flying' },
  { id: 2, name: 'Doubledip', skill: 'filting anying' },
  { id: 3, name: 'Howcome', skill: 'making why' },
  { id: 4, name: 'Squawk', skill: 'advanced language skill' },
  { id: 5, name: 'Truxx', skill: 'seting up heavy machine' },
  { id: 6, name: 'Gigi', skill: 'touching ur heart' },
  { id: 7, name: 'Stitch', skill: 'making annoyed noise' },
];

export const manage: ServiceImpl<typeof Manage> = {
  pickOne(request: NameRequest) {
    const row = table.find(({ name }) => name === request.name);
    if (row === undefined) throw new ConnectError('expirement not found', Code.NotFound);
    return row;
  },
};
