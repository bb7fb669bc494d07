import type { Run } from '../run.ts';

/** The scenario's name, behind that of its contract where the run has several. */
export function ScenarioName({ run, scenario }: { run: Run; scenario: string }) {
  const { contracts } = run.matrix;
  const isOneOfSeveral = new Set(contracts.values()).size > 1;
  return (
    <>
      {isOneOfSeveral && <span class="contract">{contracts.get(scenario)} </span>}
      <b>{scenario}</b>
    </>
  );
}
