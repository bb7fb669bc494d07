/** `call … --record FILE`: the call that was just made, as a case. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { builderFor } from '../contract/builder.ts';
import { casesIn } from '../contract/cases.ts';
import { readYaml } from '../contract/source-node.ts';
import { readRecording, withCase } from '../contract/writing/append.ts';
import { schemaFile } from '../contract/writing/editor-schema.ts';
import { type Heard, recordedCase } from '../contract/writing/recorded.ts';
import { UsageError } from '../errors.ts';
import type { Method, Types } from '../messages/types.ts';
import type { Call } from '../model/call.ts';
import type { WireEvidence } from '../model/wire.ts';
import { answerThatCrossed, metadataThatCrossed } from '../witness/crossed.ts';
import { messagesText } from '../witness/say.ts';

/** Writes what was heard, and tells where. */
export type Record = (heard: Heard, types: Types) => string;

/** Reads the file first: what is wrong with it is told before a call is made. Throws a UsageError. */
export function recordTo(file: string): Record {
  const shown = path.relative(process.cwd(), file);
  const recording = readRecording(shown, existsSync(file) ? readFileSync(file, 'utf8') : undefined);
  return (heard, types) => {
    const said = recordedCase(recording.name, heard, types.registry);
    const text = withCase(recording, heard.method.path.slice(1), said, schemaFor(file));
    check(shown, text, heard, types);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text);
    return `recorded as ${JSON.stringify(recording.name)} in ${shown}`;
  };
}

/** What crossed of a call. Throws a UsageError when it did not cross, or not whole. */
export function heardOf(method: Method, { steps, metadata }: Call, wire: WireEvidence | undefined): Heard {
  const stream = wire?.streams.at(-1);
  const crossed = stream && answerThatCrossed(stream);
  if (!crossed)
    throw new UsageError(
      `nothing was recorded: ${stream ? 'no status crossed' : 'the call was not seen to cross'}`,
    );
  const { request, response } = stream;
  if (request.omitted || response.omitted)
    throw new UsageError('nothing was recorded: more messages crossed than are kept');
  const { code, message, details } = crossed;
  return {
    method,
    steps,
    metadata,
    requests: request.messages,
    responses: response.messages,
    ...metadataThatCrossed(response),
    code,
    message,
    ...(details && { details }),
  };
}

/** The contract's schema, as it lies from the file; undefined: there is none. */
function schemaFor(file: string): string | undefined {
  const folder = path.dirname(file);
  const places = ['.', '..', '../..'].map((up) => path.join(folder, up, schemaFile));
  const found = places.find((each) => existsSync(each));
  return found && path.relative(folder, found).replaceAll(path.sep, '/');
}

/** Whoever reads the case must find in it what was heard. Throws a UsageError: nothing is written that says something else. */
function check(shown: string, text: string, heard: Heard, types: Types): void {
  try {
    const file = { ...readYaml(shown, text), group: 'recorded', isScripted: false };
    const step = casesIn(file, builderFor('recorded', types, new Set())).at(-1)?.steps[0];
    const call = step?.do === 'calls' ? step.calls[0] : undefined;
    const read = call && messagesText(call.expect.responses, JSON.stringify);
    const wanted = messagesText(heard.responses, JSON.stringify);
    if (read !== wanted) throw new Error(`it would be read as ${read ?? 'nothing'}`);
  } catch (error) {
    throw new UsageError(
      `nothing was recorded: what crossed cannot be said in a case: ${(error as Error).message}`,
    );
  }
}
