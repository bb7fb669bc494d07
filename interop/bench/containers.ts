import { whyNoEngine } from '../launch/engine.ts';
import { defaultLimits } from '../launch/launcher.ts';
import { programLauncher } from '../launch/programs.ts';
import { dockerBound } from './docker.ts';
import { partMs, wholeRun } from './field.ts';
import { fullPeers, inTheOpen, readProject } from './project.ts';
import { compare, say } from './say.ts';
import { tapCost } from './tap.ts';

/** What the engine costs beside containers that are started and stopped. */
export async function containers(rounds: number): Promise<void> {
  const noEngine = await whyNoEngine();
  if (noEngine) return say('containers', 'not run', '', noEngine);
  const { containerStarter } = await import('../launch/container.ts');
  const { imageOf } = await import('../launch/image.ts');
  const project = inTheOpen(await readProject());
  const full = fullPeers(project);
  await using launcher = programLauncher(containerStarter(), defaultLimits, project.types);
  for (const peer of full) await launcher.build(peer, new AbortController().signal);
  const field = { ...project, full, launcher, rounds };
  const { ratio, detail } = await compare(
    rounds,
    async () => (await wholeRun(field)).wallMs,
    () => dockerBound(full, imageOf),
  );
  say('containers: run / start and stop', ratio.toFixed(2), '≤ 1.5', detail);
  const startOnly = await compare(
    rounds,
    () => partMs(field, project.scenarios.slice(0, 1)),
    () => dockerBound(full, imageOf),
  );
  say('containers: one scenario / the same', startOnly.ratio.toFixed(2), '', startOnly.detail);
  await tapCost('containers', field);
}
