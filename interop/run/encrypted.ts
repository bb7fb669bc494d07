import type { RunningServer } from '../launch/launcher.ts';
import type { Scenario } from '../model/scenario.ts';

/** The scenario as it is played with that server: every call encrypted where all its connections are. */
export function encryptedFor(scenario: Scenario, { tls }: Pick<RunningServer, 'tls'>): Scenario {
  if (!tls) return scenario;
  // What is kept of a call says the name, and never a key.
  const { serverName } = tls;
  const said = { tls: { ...(serverName !== undefined && { serverName }) } };
  return {
    ...scenario,
    steps: scenario.steps.map((step) =>
      step.do === 'calls'
        ? { ...step, calls: step.calls.map((call) => ({ ...call, spec: { ...call.spec, ...said } })) }
        : step,
    ),
  };
}
