import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const no = ['interop/out/**', 'node_modules/**'];
/** They start programs, containers and browsers; the others take seconds. */
const programs = [
  'interop/{browser,cli,doctor,launch,saboteurs,watch}/**/*.test.ts',
  'interop/peers/examples.test.ts',
];

// biome-ignore lint/style/noDefaultExport: vitest reads the default export
export default defineConfig({
  test: {
    projects: [
      {
        extends: true,
        test: { name: 'engine', include: ['interop/**/*.test.ts'], exclude: [...no, ...programs] },
      },
      { extends: true, test: { name: 'programs', include: programs, exclude: no } },
    ],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // What fails once on a busy machine of CI and then does not is told there, and keeps no change from landing.
    retry: process.env.CI ? 1 : 0,
    // What a test waits for may take long on a machine that does other things as well.
    expect: { poll: { timeout: 20_000 } },
    env: {
      // What tests run is not for the summary of a workflow.
      GITHUB_ACTIONS: '',
      GITHUB_STEP_SUMMARY: '',
      // Tests start the command line a hundred times: it is compiled once, as by start.mjs.
      NODE_COMPILE_CACHE: fileURLToPath(new URL('node_modules/.cache/stitch', import.meta.url)),
    },
    // Those that start programs wait for most of their time.
    maxWorkers: 4,
  },
});
