/**
 * Puts the page's script together and prints it. A program of its own: what the bundler takes of memory,
 * half as much as a long run, goes with it, and it does not hear of a Ctrl-C.
 */
import path from 'node:path';
import { build } from 'rolldown';
import { packageFolder } from '../folders.ts';

const { output } = await build({
  input: path.join(packageFolder, 'interop', 'page', 'main.tsx'),
  write: false,
  logLevel: 'silent',
  tsconfig: false,
  transform: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  output: { format: 'iife', minify: true },
});
process.stdout.write(output[0].code);
