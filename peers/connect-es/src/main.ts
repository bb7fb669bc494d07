// The peer: a server and a client in one program. See README.md.
import { parseArgs } from 'node:util';
import { answerCalls } from './client.ts';
import { serve } from './server.ts';

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { host: { type: 'string', default: '127.0.0.1' }, port: { type: 'string', default: '0' } },
});

try {
  if (positionals[0] === 'server') await serve(values.host, Number(values.port));
  else if (positionals[0] === 'client') await answerCalls();
  else throw new Error('wanted "server" or "client"');
} catch (error) {
  console.error((error as Error).message);
  process.exit(1);
}
// Open connections would keep the process alive; whatever had to end has ended.
process.exit();
