// The whole proof in one command: set up, type-check, lint, then every test of every package.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const scratch = mkdtempSync(join(tmpdir(), 'portcullis-test-'));
process.on('exit', () => rmSync(scratch, { recursive: true, force: true }));

// Tests that lack something (a browser, say) tell it here, one line each; with CI=true they fail instead.
const notRunFile = join(scratch, 'not-run');
const tapFile = join(scratch, 'tap');

/** @param {string[]} args */
function run(args) {
  const { status, error } = spawnSync(process.execPath, args, {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, NOT_RUN_FILE: notRunFile },
  });
  if (error) throw error;
  return status ?? 1;
}

/** @param {string[]} args */
function must(args) {
  const status = run(args);
  if (status !== 0) process.exit(status);
}

/** @param {string} file */
function linesOf(file) {
  try {
    return readFileSync(file, 'utf8').split('\n');
  } catch {
    return [];
  }
}

must(['scripts/setup.mjs']);
must(['node_modules/typescript/bin/tsc', '-b']);
must(['node_modules/@biomejs/biome/bin/biome', 'check', '--error-on-warnings', '.']);

// These take long: CI=true runs them, and any other run names them at its end.
const isDear = (/** @type {string} */ file) => file.endsWith('.ci.test.ts');
const all = ['packages', 'apps'].flatMap((group) =>
  readdirSync(join(root, group))
    .filter((name) => existsSync(join(root, group, name, 'test')))
    .flatMap((name) =>
      readdirSync(join(root, group, name, 'test'))
        .filter((file) => file.endsWith('.test.ts'))
        .map((file) => join(group, name, 'test', file)),
    ),
);
const left = process.env.CI === 'true' ? [] : all.filter(isDear);
const files = all.filter((file) => !left.includes(file));
let status = run([
  ...['--conditions=source', '--import', 'tsx', '--test', '--test-concurrency=2'],
  ...['--test-reporter=spec', '--test-reporter-destination=stdout'],
  ...['--test-reporter=tap', `--test-reporter-destination=${tapFile}`],
  ...files,
]);

const count = (/** @type {string} */ what) =>
  Number(
    linesOf(tapFile)
      .findLast((line) => line.startsWith(`# ${what} `))
      ?.split(' ')[2] ?? 0,
  );
if (count('tests') === 0 || count('skipped') > 0 || count('todo') > 0) {
  console.error(
    `A run of ${count('tests')} tests, ${count('skipped')} skipped and ${count('todo')} to do proves nothing.`,
  );
  status ||= 1;
}
for (const line of linesOf(notRunFile).filter((told) => told !== '')) console.error(`\n!!! NOT RUN: ${line}`);
for (const file of left) console.error(`\n!!! NOT RUN: ${file}: it takes long; CI=true runs it`);
process.exit(status);
