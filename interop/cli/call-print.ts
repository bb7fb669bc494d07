/** What a call by hand shows: responses on standard output, one JSON a line, as they cross; and how it ended on standard error. */
import type { CallRecord } from '../model/call.ts';
import type { Json } from '../model/message.ts';
import { Code } from '../model/status.ts';
import type { WireEvidence, WireStream } from '../model/wire.ts';
import { count, printable } from '../report/text.ts';
import { answerThatCrossed, isToldAsCrossed } from '../witness/crossed.ts';
import { countOf } from '../witness/messages.ts';
import { answerText, statusText } from '../witness/say.ts';
import { complain } from './complain.ts';
import type { Options } from './options.ts';

export interface Printer {
  /** More of the stream has passed. */
  heard(stream: WireStream): void;
  /** The client says how the call ended; `wire`: what crossed, if somebody read along. */
  end(record: CallRecord, wire: WireEvidence | undefined): void;
}

export function printer({ json }: Pick<Options, 'json'>): Printer {
  let printed = 0;
  function print(message: Json): void {
    process.stdout.write(`${printable(JSON.stringify(message))}\n`);
    printed += 1;
  }
  return {
    heard({ response }) {
      if (json) return;
      for (const message of response.messages.slice(printed)) {
        // The client tells of one that was too long to be read along.
        if (message.json === undefined) return;
        print(message.json);
      }
    },
    end(record, wire) {
      if (json) process.stdout.write(`${JSON.stringify(record)}\n`);
      else for (const message of eachOf(record).slice(printed)) print(message);
      complain(printable(endText(record)));
      const stream = wire?.streams.at(-1);
      const crossed = stream && answerThatCrossed(stream);
      if (crossed && !record.unsupported && !isToldAsCrossed(crossed, record))
        complain(
          printable(
            `the client tells otherwise than it crossed: ${answerText(record)}, and not ${answerText(crossed)}`,
          ),
        );
    },
  };
}

function eachOf({ responses }: CallRecord): readonly Json[] {
  return responses.flatMap(({ json, problem, times = 1 }) =>
    Array<Json>(times).fill(json ?? `one that ${problem ?? 'cannot be read'}`),
  );
}

function endText(record: CallRecord): string {
  if (record.unsupported) return `the client does not support ${record.unsupported}`;
  const status = record.code === Code.OK ? 'OK' : statusText(record);
  return `${status}, ${count(countOf(record.responses), 'response')} (${record.elapsedMs.toFixed(1)} ms)`;
}
