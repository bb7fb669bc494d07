import { isHealthy, startFold, tally } from '../../outcome/matrix.ts';
import { type FailureGroup, failureGroups, outcomeText, placeText } from '../failure.ts';
import type { Reporter } from '../reporter.ts';
import { verdict } from '../verdict.ts';

/** "10 warning annotations, 10 error annotations, and 10 notice annotations per step" (GitHub, workflow commands). One is the verdict's. */
const shown = 9;

/** Workflow commands for GitHub, after the last event: an error for the verdict, and one for each of the first failures. */
export function annotationsReporter(write: (text: string) => void): Reporter {
  const fold = startFold();
  return {
    name: 'annotations',
    on: (event) => fold.add(event),
    end() {
      const { matrix } = fold;
      if (isHealthy(tally(matrix))) return;
      const groups = failureGroups(matrix).slice(0, shown);
      write(command('interop', verdict(matrix)));
      for (const group of groups) write(command(placeText(group[0]), reason(group)));
    },
  };
}

function reason([first, ...others]: FailureGroup): string {
  const more = others.length === 0 ? '' : `\n… and ${others.length} more for the same reason`;
  const again = first.reproduce ? `\nagain: ${first.reproduce}` : '';
  return `${outcomeText(first)}${again}${more}`;
}

/** `::error title=…::…`, in which only what GitHub escapes may stand. */
function command(title: string, message: string): string {
  return `::error title=${escaped(title).replaceAll(':', '%3A').replaceAll(',', '%2C')}::${escaped(message)}\n`;
}

function escaped(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}
