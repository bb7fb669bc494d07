/** Who breaks the peer contract itself. */
import { both, broken, client, failed, type Saboteur, server } from './saboteur.ts';

/** What is enough to show that somebody is unruly: calls in turn, calls that wait beside them, steps of a server. */
const few = { plays: ['pick/*', 'deadline/passes', 'cancel/in-flight', 'restart/*', 'method/*'] };

export const unrulyCatalogue: readonly Saboteur[] = [
  ...both(
    'exits-at-once',
    'Ends with exit code 3 when it is started.',
    (role) => [broken(role, 'ready', 'exit code 3\n  stderr: no licence for this machine', '*')],
    few,
  ),
  ...both(
    'prints-garbage',
    'Prints what is not JSON.',
    (role) => [broken(role, 'ready', 'printed a line that is not JSON', '*')],
    few,
  ),
  ...both(
    'prints-a-banner',
    'Greets on standard output.',
    (role) => [broken(role, 'ready', 'printed a line that is not JSON: "welcome', '*')],
    few,
  ),
  ...both(
    'answers-before-it-is-ready',
    'Answers before it says that it is ready.',
    (role) => [broken(role, 'ready', 'printed a line that is not "ready"', '*')],
    few,
  ),
  ...both(
    'is-never-ready',
    'Never says that it is ready.',
    (role) => [broken(role, 'ready', 'was not ready within', '*')],
    few,
  ),
  ...both(
    'answers-under-another-id',
    'Answers instructions under an id that is not theirs.',
    (role) => [broken(role, 'ready', 'answers an instruction that was not given', '*')],
    few,
  ),
  ...both(
    'refuses-types',
    'Refuses types, though it claims to take them.',
    (role) => [broken(role, 'ready', 'refused the instruction {"types":', '*')],
    few,
  ),
  server(
    'refuses-scripts',
    'Refuses scripts, though it claims to play them.',
    [broken('server', 'call', 'refused the instruction {"script":', 'deadline/passes', 'cancel/*')],
    few,
  ),
  server(
    'never-answers-scripts',
    'Does not answer the instruction to keep a script.',
    [broken('server', 'call', 'did not answer the instruction {"script":', 'deadline/passes', 'cancel/*')],
    few,
  ),
  server(
    'announces-port-0',
    'Answers that it listens on port 0.',
    [broken('server', 'ready', 'answered "listen" with the port 0', '*')],
    few,
  ),
  server(
    'announces-a-dead-port',
    'Answers with a port that nobody listens on.',
    [
      failed('client', 'pick/*', 'method/*', 'deadline/passes', 'cancel/*'),
      broken('server', 'call', 'refused the instruction {"close":', 'restart/*'),
    ],
    few,
  ),
  server(
    'announces-a-mute-port',
    'Answers with a port that accepts connections and says nothing.',
    [broken('server', 'call', '', '*')],
    few,
  ),
  ...both(
    'logs-on-stdout',
    'Logs on standard output.',
    (role) => [broken(role, 'call', 'printed a line that is not JSON: "INFO', 'pick/truxx')],
    few,
  ),
  ...both(
    'prints-100-mib',
    'Prints a line of 100 MiB.',
    (role) => [broken(role, 'call', 'printed a line of more than 32 MiB', 'pick/truxx')],
    few,
  ),
  client(
    'says-it-twice',
    'Tells the end of a call twice.',
    [broken('client', 'call', 'ends a call that is not in flight', 'pick/truxx')],
    few,
  ),
  server(
    'answers-unasked',
    'Answers an instruction that was not given.',
    [broken('server', 'call', 'answers an instruction that was not given', 'pick/truxx')],
    few,
  ),
  ...both(
    'speaks-another-dialect',
    'Writes a code as a word.',
    (role) => [broken(role, 'call', 'has code "OK" where a number was wanted', 'pick/truxx')],
    few,
  ),
  ...both(
    'writes-hex',
    'Writes a message as a list of numbers.',
    (role) => [broken(role, 'call', 'has bytes [10,5] where a string was wanted', 'pick/truxx')],
    few,
  ),
  ...both(
    'dies-in-a-call',
    'Ends in the middle of a call.',
    (role) => [broken(role, 'call', 'ended while it was in use: exit code 9', 'pick/truxx')],
    few,
  ),
  ...both(
    'is-killed-in-a-call',
    'Is killed in the middle of a call.',
    (role) => [broken(role, 'call', 'ended while it was in use: signal SIGKILL', 'pick/truxx')],
    few,
  ),
  ...both(
    'hangs-in-a-call',
    'Loops for ever in the middle of a call.',
    (role) => [broken(role, 'call', '', 'pick/truxx')],
    few,
  ),
  ...both(
    'forgets-a-call',
    'Is silent about one call and goes on with others.',
    (role) => [
      broken(
        role,
        'call',
        role === 'server' ? 'neither answered nor recorded' : 'said nothing about call',
        'pick/truxx',
      ),
    ],
    few,
  ),
  server(
    'records-and-is-silent',
    'Records an answer and does not send it.',
    [broken('server', 'call', 'recorded and did not answer', 'pick/truxx')],
    few,
  ),
  server(
    'refuses-to-listen-again',
    'Refuses to open a listener on a port that was its own.',
    [broken('server', 'call', 'refused the instruction {"listen":', 'restart/wait-for-ready')],
    few,
  ),
  server(
    'never-flushes',
    'Does not answer the instruction to flush.',
    [broken('server', 'call', '', '*')],
    few,
  ),
  ...both('ignores-the-end', 'Ignores the end of input and SIGTERM.', () => [], {
    ...few,
    stops: 'of SIGTERM: killed',
  }),
  ...both('ignores-end-of-input', 'Stops on SIGTERM only.', () => [], {
    ...few,
    stops: 'but did on SIGTERM',
  }),
  ...both('exits-with-3', 'Ends with exit code 3 when it is told to stop.', () => [], {
    ...few,
    stops: 'stopped with exit code 3 at the end of its input',
  }),
  ...both('floods-stderr', 'Writes megabytes on standard error, which it may.', () => [], few),
];
