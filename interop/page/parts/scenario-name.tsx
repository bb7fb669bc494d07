import type { Run } from '../run.ts';
import { hasContracts } from '../state.ts';

/** The scenario's name, behind that of its contract where the run has several. */
export function ScenarioName({ run, scenario }: { run: Run; scenario: string }) {
  return (
    <>
      {hasContracts.value && <span class="contract">{run.matrix.contracts.get(scenario)} </span>}
      {scenario}
    </>
  );
}
