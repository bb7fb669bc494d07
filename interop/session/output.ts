/** What a program that knows nothing of the harness printed, read as the answer of a call. */
import type { DescMessage, Registry } from '@bufbuild/protobuf';
import { payloadOf } from '../messages/payload.ts';
import type { Answer } from '../model/call.ts';
import type { JsonObject } from '../model/message.ts';
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

const shownOutput = 400;

/** Exit code 0 is OK, and the response is in what was printed; any other is a status. What cannot be read is UNKNOWN, with what was printed. */
export function readOutput(
  { response, status }: OutputPatterns,
  printed: Printed,
  type: DescMessage | undefined,
  registry: Registry,
): Answer {
  const both = `${printed.stderr}\n${printed.stdout}`;
  if (!printed.clean) {
    const found = status === undefined ? undefined : groups(status, both);
    const code = found && codeOf(found.code);
    return code === undefined ? unread(printed) : { code, message: found?.message ?? '', responses: [] };
  }
  const found = groups(response, printed.stdout);
  if (!found || !type) return unread(printed);
  // A group that matches nothing is the field's default.
  const fields = Object.fromEntries(
    Object.entries(found).filter(([, value]) => value !== undefined),
  ) as JsonObject;
  try {
    const { json } = payloadOf(type, fields, registry);
    return { code: Code.OK, message: '', responses: [{ json }] };
  } catch (error) {
    return unread(printed, `: ${(error as Error).message}`);
  }
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

function unread({ how, stdout, stderr }: Printed, why = ''): Answer {
  const said = (stderr.trim() || stdout.trim()).slice(0, shownOutput);
  return {
    code: Code.UNKNOWN,
    message: `the program ended with ${how} and printed: ${said}${why}`,
    responses: [],
  };
}
