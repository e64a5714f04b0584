import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { Report } from '@portcullis/port-contracts';
import { runCommand } from '#command-line';

const packages = fileURLToPath(new URL('../..', import.meta.url));
const program = join(packages, 'port-contracts/bin/portcullis-certify.js');
const guide = readFileSync(join(packages, '../docs/certify-your-adapter.md'), 'utf8');
const [, listing = '', shown = ''] =
  /<!-- toy -->\n```js\n([\s\S]*?)```\n\n```\n\$ npx portcullis-certify toy\.js\n([\s\S]*?)```\n<!-- \/toy -->/.exec(
    guide,
  ) ?? [];

/** A folder outside the repository, with the packages where a package manager would have put them. */
function project(t: TestContext, files: Record<string, string>): string {
  const folder = mkdtempSync(join(tmpdir(), 'portcullis-certify-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const scope = join(folder, 'node_modules/@portcullis');
  mkdirSync(scope, { recursive: true });
  for (const name of ['domain', 'port-contracts']) symlinkSync(join(packages, name), join(scope, name));
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
}

function run(cwd: string, ...args: string[]) {
  const tsx = import.meta.resolve('tsx');
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['--conditions=source', `--import=${tsx}`, program, ...args],
    { cwd, encoding: 'utf8', timeout: 60_000 },
  );
  return { status, stdout, stderr };
}

/** As `run`, in this process. */
async function called(...args: string[]) {
  let [out, err] = ['', ''];
  const status = await runCommand(args, {
    out: (text) => {
      out += text;
    },
    err: (text) => {
      err += text;
    },
  });
  return { status, out, err };
}

describe('portcullis-certify', () => {
  it('certifies the adapter of the guide as it stands there, in fewer than 40 lines', (t) => {
    assert.ok(listing !== '' && listing.split('\n').length < 40);
    const told = run(project(t, { 'toy.js': listing }), 'toy.js');
    assert.deepEqual(told, { status: 0, stdout: shown, stderr: '' });
  });

  it('refuses that adapter once it forgets, and prints the report for programs', async (t) => {
    const forgetful = listing.replace('toyStore(database) })', 'toyStore(new Map()) })');
    const { status, out } = await called(join(project(t, { 'toy.js': forgetful }), 'toy.js'), '--json');
    const report: Report = JSON.parse(out);
    assert.equal(status, 1);
    assert.equal(report.certified, false);
    const failed = report.sections.filter((each) => each.failed.length > 0).map((each) => each.section);
    assert.deepEqual(failed, ['outage', 'restart']);
  });

  it('ends with its report, even where a case hangs and keeps the process alive', (t) => {
    const hanging = `${listing.replace('return due.filter', 'await new Promise(() => setInterval(() => {}, 1000));\n      return due.filter')}
      export const adapter = 'hanging';
      export const timeLimitMilliseconds = 100;`;
    const { status, stdout } = run(project(t, { 'toy.js': hanging }), 'toy.js');
    assert.equal(status, 1);
    assert.match(
      stdout,
      /^hanging \(revokedTokens\)\n[\s\S]*the case hangs: no answer within 100 ms[\s\S]*NOT CERTIFIED: /,
    );
  });

  it('says what it needs where it cannot try', async (t) => {
    const empty = join(project(t, { 'empty.js': 'export const adapter = "none";' }), 'empty.js');
    for (const [args, words] of [
      [[], /^Usage: portcullis-certify MODULE/],
      [['--help'], /^Usage: /],
      [['a.js', 'b.js'], /^Usage: /],
      [['none.js'], /^none\.js cannot be imported: /],
      [[empty], /empty\.js exports no function `make`\n\nUsage: /],
    ] as const) {
      const { status, out, err } = await called(...args);
      assert.deepEqual([status, out], [2, ''], args.join(' '));
      assert.match(err, words);
    }
  });
});
