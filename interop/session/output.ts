/** What a program that knows nothing of the harness printed, read as the answer of a call. */
import type { DescMessage, Registry } from '@bufbuild/protobuf';
import { payloadOf } from '../messages/payload.ts';
import { messagesIn, statusIn } from '../messages/protojson.ts';
import type { Answer, CallRecord, Untold } from '../model/call.ts';
import type { Json, JsonObject, Message } from '../model/message.ts';
import type { OutputPatterns } from '../model/peer.ts';
import { Code } from '../model/status.ts';

/** All that a program left behind. */
export interface Printed {
  readonly stdout: string;
  readonly stderr: string;
  readonly clean: boolean;
  /** `exit code 2` */
  readonly how: string;
  /** It did not end by itself. */
  readonly isKilled?: true;
  readonly elapsedMs: number;
}

/** An answer, and what of it the program does not tell. */
type Read = Answer & Required<Pick<CallRecord, 'untold'>>;

const shownOutput = 200;
/** By no program that is run once. */
const never: readonly Untold[] = ['headers', 'trailers', 'time'];

/**
 * Exit code 0 is OK, and the responses are in what was printed; any other is a status. What cannot
 * be read is UNKNOWN, with what was printed.
 */
export function readOutput(
  patterns: OutputPatterns,
  printed: Printed,
  type: DescMessage | undefined,
  registry: Registry,
): Read {
  try {
    if (!type) return unread(printed, ': the method is not described');
    if (!printed.clean) return readStatus(patterns, printed, type, registry);
    const responses = readResponses(patterns.response, printed, type, registry);
    return responses
      ? { code: Code.OK, message: '', responses, untold: ['message', 'details', ...never] }
      : unread(printed);
  } catch (error) {
    return unread(printed, `: ${(error as Error).message}`);
  }
}

function readResponses(
  pattern: string,
  { stdout, stderr }: Printed,
  type: DescMessage,
  registry: Registry,
): readonly Message[] | undefined {
  if (pattern === 'json') return messagesIn(stdout, type, registry);
  // Loggers write to standard error.
  const found = groups(pattern, stdout) ?? groups(pattern, stderr);
  if (!found) return undefined;
  // A group that matches nothing is the field's default.
  const fields = Object.fromEntries(
    Object.entries(found).filter(([, value]) => value !== undefined),
  ) as JsonObject;
  return [{ json: payloadOf(type, fields, registry).json }];
}

function readStatus(patterns: OutputPatterns, printed: Printed, type: DescMessage, registry: Registry): Read {
  const { status } = patterns;
  const both = `${printed.stderr}\n${printed.stdout}`;
  const before = readBefore(patterns.response, printed.stdout, type, registry);
  // It is not OK, and that is all that is known.
  if (status === undefined) {
    const { message, untold } = unread(printed);
    return {
      code: Code.UNKNOWN,
      message,
      ...before,
      untold: ['status', 'message', 'details', ...untold, ...before.untold],
    };
  }
  const isJson = status === 'json';
  const found = isJson ? statusIn(both, registry) : groups(status, both);
  const code = codeOf(found?.code);
  if (!found || code === undefined) return unread(printed);
  const { message, details } = found as { readonly message?: string; readonly details?: readonly Json[] };
  return {
    code,
    message: message ?? '',
    ...(details && details.length > 0 && { details }),
    responses: before.responses,
    untold: [
      ...(message === undefined ? (['message'] as const) : []),
      ...(isJson ? [] : (['details'] as const)),
      ...never,
      ...before.untold,
    ],
  };
}

/** Messages that came before the status, where standard output has nothing else. */
function readBefore(
  pattern: string,
  stdout: string,
  type: DescMessage,
  registry: Registry,
): Pick<Read, 'responses' | 'untold'> {
  if (pattern !== 'json') return { responses: [], untold: [] };
  try {
    return { responses: messagesIn(stdout, type, registry), untold: [] };
  } catch {
    return { responses: [], untold: ['responses'] };
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

/**
 * The first line of what it said, on standard error if it said something there, and the last one: some
 * name the error above the stack, some below it. All of it is in the log.
 */
export function printedText({ stdout, stderr }: Pick<Printed, 'stdout' | 'stderr'>): string {
  const lines = (stderr.trim() || stdout.trim()).split(/\r?\n/).filter((line) => line.trim() !== '');
  const [first = '', last] = lines.length > 1 ? [lines[0], lines.at(-1)] : lines;
  const shown = [first, ...(last === undefined ? [] : [last])].map((line) => cut(line.trim()));
  return shown.join(lines.length > 2 ? ' … ' : '; ');
}

function cut(line: string): string {
  return line.length > shownOutput ? `${line.slice(0, shownOutput)}…` : line;
}

function unread(printed: Printed, why = ''): Read {
  const { how, isKilled } = printed;
  const ended = isKilled ? `the program made ${how}` : `the program ended with ${how}`;
  return {
    code: Code.UNKNOWN,
    message: `${ended} and printed: ${printedText(printed)}${why}`,
    responses: [],
    untold: never,
  };
}
