import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';

test('a shutdown that never calls back does not hold up the end, nor change its exit code', () => {
  const stop = new URL('../src/stop.ts', import.meta.url);
  const program = `import { graceFor } from '${stop}'; await graceFor(new Promise(() => {})); process.exit(7);`;
  const { status, stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', program], {
    encoding: 'utf8',
  });
  assert.deepEqual({ status, stderr }, { status: 7, stderr: '' });
});
