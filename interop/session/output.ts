/** What a program that knows nothing of the harness printed, read as the answer of a call. */
import type { CallRecord } from '../model/call.ts';
import type { OutputPatterns } from '../model/peer.ts';
import { Code } from '../model/status.ts';

/** All that a program left behind. */
export interface Printed {
  readonly stdout: string;
  readonly stderr: string;
  readonly clean: boolean;
  /** `exit code 2` */
  readonly how: string;
}

type Answer = Pick<CallRecord, 'code' | 'message' | 'reply'>;

const shownOutput = 400;

/** Exit code 0 is OK, and the reply is in what was printed; any other is a status. What cannot be read is UNKNOWN, with what was printed. */
export function readOutput({ reply, status }: OutputPatterns, printed: Printed): Answer {
  const both = `${printed.stderr}\n${printed.stdout}`;
  if (!printed.clean) {
    const found = status === undefined ? undefined : groups(status, both);
    const code = found && codeOf(found.code);
    return code === undefined ? unread(printed) : { code, message: found?.message ?? '' };
  }
  const found = groups(reply, printed.stdout);
  if (!found) return unread(printed);
  const { name = '', id = '0', skill = '' } = found;
  return { code: Code.OK, message: '', reply: { name, id: Number(id), skill } };
}

function groups(pattern: string, text: string): Readonly<Record<string, string | undefined>> | undefined {
  const match = new RegExp(pattern, 'su').exec(text);
  return match ? (match.groups ?? {}) : undefined;
}

/** A number, or a name however it is written: `NOT_FOUND`, `NotFound`, `not found`. */
function codeOf(text: string | undefined): Code | undefined {
  const plain = (name: string) => name.toLowerCase().replaceAll(/[^a-z0-9]/g, '');
  const wanted = plain(text ?? '');
  const found = Object.entries(Code).find(
    ([name, code]) => plain(name) === wanted || String(code) === wanted,
  );
  // One L or two: both are written.
  return found?.[1] ?? (wanted === 'canceled' ? Code.CANCELLED : undefined);
}

function unread({ how, stdout, stderr }: Printed): Answer {
  const said = (stderr.trim() || stdout.trim()).slice(0, shownOutput);
  return { code: Code.UNKNOWN, message: `the program ended with ${how} and printed: ${said}` };
}
