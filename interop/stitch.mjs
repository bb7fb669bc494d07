#!/usr/bin/env node
/**
 * The beginning of an installed Stitch, in plain JavaScript for whatever Node the machine has:
 * runs the program on this one, if it is new enough, or on the `node` that is installed beside.
 */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const wanted = 24;
const node = major(process.versions.node) >= wanted ? process.execPath : installed();
if (node) run(node);
else {
  process.stderr.write(
    `stitch: wanted Node ${wanted} or newer, got ${process.versions.node}\n  hint: npm install node@${wanted} puts one beside it, which is then taken\n`,
  );
  process.exitCode = 2;
}

/** Flags that a program cannot set for itself (docs/decisions/19-memory.md). Signals go on to it, and its end is ours. */
function run(node) {
  const main = fileURLToPath(new URL('main.js', import.meta.url));
  const flags = ['--max-semi-space-size=16', '--max-old-space-size=1536'];
  // Peers that are programs for Node are started with the same one.
  const env = { ...process.env, PATH: `${path.dirname(node)}${path.delimiter}${process.env.PATH}` };
  const child = spawn(node, [...flags, main, ...process.argv.slice(2)], { stdio: 'inherit', env });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('exit', (code, signal) => process.exit(signal ? 1 : (code ?? 1)));
}

/** The package `node` holds a program, for a project that is to have its own. */
function installed() {
  try {
    const file = createRequire(import.meta.url).resolve('node/package.json');
    const { version } = JSON.parse(readFileSync(file, 'utf8'));
    return major(version) >= wanted ? path.join(path.dirname(file), 'bin', 'node') : undefined;
  } catch {
    return undefined;
  }
}

function major(version) {
  return Number.parseInt(version, 10);
}
