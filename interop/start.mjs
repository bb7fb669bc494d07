/**
 * The beginning of every npm script, in plain JavaScript for whatever Node (from 18)
 * the machine has: installs the locked packages when they are missing or older than
 * the lockfile, then runs the program on the locked Node.
 *
 *   node interop/start.mjs PROGRAM.ts [ARGUMENTS…]
 */
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import module from 'node:module';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = path.resolve(fileURLToPath(new URL('..', import.meta.url)));
const modules = path.join(root, 'node_modules');
const stamp = path.join(modules, '.stitch-installed');
const lock = createHash('sha256')
  .update(readFileSync(path.join(root, 'package-lock.json')))
  .digest('hex');
const bin = path.join(modules, '.bin');
const node = path.join(bin, process.platform === 'win32' ? 'node.cmd' : 'node');
const [program = '', ...rest] = process.argv.slice(2);

if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== lock) install();

const target = path.join(root, program);
const lockedVersion = JSON.parse(readFileSync(path.join(modules, 'node', 'package.json'), 'utf8')).version;
process.env.PATH = `${bin}${path.delimiter}${process.env.PATH}`;
// Reading and compiling some hundred files is more than half of what a short command costs.
process.env.NODE_COMPILE_CACHE ??= path.join(modules, '.cache', 'stitch');
if (process.versions.node === lockedVersion) {
  process.argv.splice(1, process.argv.length, target, ...rest);
  module.enableCompileCache(process.env.NODE_COMPILE_CACHE);
  await import(pathToFileURL(target).href);
} else runLocked();

function install() {
  process.stderr.write('installing the locked Node packages (npm ci), once …\n');
  const args = ['ci', '--no-audit', '--no-fund', '--loglevel=error'];
  const result = spawnSync('npm', args, {
    cwd: root,
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
  });
  if (result.status !== 0) {
    process.stderr.write('npm ci failed: see above; it needs the npm registry once\n');
    process.exit(2);
  }
  writeFileSync(stamp, lock);
}

/** Signals go on to the program, and its end is ours. */
function runLocked() {
  const child = spawn(node, [...process.execArgv, target, ...rest], {
    stdio: 'inherit',
    shell: process.platform === 'win32',
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('exit', (code, signal) => process.exit(signal ? 1 : (code ?? 1)));
}
