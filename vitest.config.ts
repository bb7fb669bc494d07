import { defineConfig } from 'vitest/config';

// biome-ignore lint/style/noDefaultExport: vitest reads the default export
export default defineConfig({
  test: {
    include: ['interop/**/*.test.ts'],
    exclude: ['interop/out/**', 'node_modules/**'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // What a test waits for may take long on a machine that does other things as well.
    expect: { poll: { timeout: 20_000 } },
    // What tests run is not for the summary of a workflow.
    env: { GITHUB_ACTIONS: '', GITHUB_STEP_SUMMARY: '' },
    // Tests that start peers share two cores with each other; files run one after another where they do.
    maxWorkers: 2,
  },
});
