// Brings a fresh clone to the point where it runs: installs what the lockfile names and, with --build, compiles.
// Plain JavaScript on Node's own modules, since nothing else is there before it has run.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const PNPM = 'pnpm@12.21.0';
const root = dirname(dirname(fileURLToPath(import.meta.url)));

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`Portcullis needs Node 20.19 or later; this is ${process.versions.node}.`);
  process.exit(1);
}

/** @param {string} file */
const read = (file) => {
  try {
    return readFileSync(join(root, file), 'utf8');
  } catch {
    return undefined;
  }
};

/** @param {string} command @param {string[]} args */
function run(command, args) {
  const { status, error } = spawnSync(command, args, {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    shell: process.platform === 'win32',
  });
  if (error) console.error(`${command} could not be started: ${error.message}`);
  if (status !== 0) process.exit(status ?? 1);
}

// pnpm leaves a copy of the lockfile it has installed: where both are the same there is nothing to do.
const wanted = read('pnpm-lock.yaml');
if (wanted === undefined || wanted !== read('node_modules/.pnpm/lock.yaml')) {
  console.error('Installing dependencies (once) …');
  run('npx', ['--yes', PNPM, 'install', '--frozen-lockfile', '--reporter=append-only']);
}
// What runs, without the tests; `npm test` compiles those, too.
if (process.argv.includes('--build'))
  run(process.execPath, ['node_modules/typescript/bin/tsc', '-b', 'apps/all', 'apps/bench', 'apps/fuzz', 'apps/prove']);
