/**
 * The guard's own program; see guard.ts. Reads `group PID`, `forget PID`,
 * `containers LABEL` and `done`, one a line. At the end of input it kills the
 * groups that are left and, unless it was told `done`, removes the containers.
 */
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';

const groups = new Set<number>();
const labels = new Set<string>();
let isDone = false;

// Ctrl-C in a terminal and the end of a session are for the harness; the guard waits for its end.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {});

for await (const line of createInterface({ input: process.stdin })) {
  const [word, value = ''] = line.split(' ');
  if (word === 'group') groups.add(Number(value));
  if (word === 'forget') groups.delete(Number(value));
  if (word === 'containers') labels.add(value);
  if (word === 'done') isDone = true;
}

for (const group of groups) {
  try {
    process.kill(-group, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}

if (!isDone && labels.size > 0) await removeContainers();

/** The engine may still be making a container that was ordered in the last moment, so: until none came for 2 s. */
async function removeContainers(): Promise<void> {
  const { getContainerRuntimeClient } = await import('testcontainers');
  const { dockerode } = (await getContainerRuntimeClient()).container;
  for (let quiet = 0; quiet < 10; quiet++) {
    const left = await dockerode.listContainers({ all: true, filters: { label: [...labels] } });
    if (left.length > 0) quiet = 0;
    await Promise.all(
      left.map(({ Id }) =>
        dockerode
          .getContainer(Id)
          .remove({ force: true })
          .catch(() => {}),
      ),
    );
    await sleep(200);
  }
}
