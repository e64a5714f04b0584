import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
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

  /** The guide's adapter with this in the place of its `sweep`. */
  const sweeping = (t: TestContext, body: string, more = ''): string =>
    project(t, { 'toy.js': `${listing.replace('const due = [', `${body}\n      const due = [`)}\n${more}` });

  it('tells once that a make throws, and what it throws', (t) => {
    const failing = listing.replace('const database = new Map();', "throw new Error('no database here');");
    const told = run(project(t, { 'toy.js': failing }), 'toy.js');
    assert.deepEqual(told, { status: 2, stdout: '', stderr: 'toy.js could not be tried: no database here\n' });
  });

  it('tells once that a make gives no store of a port', (t) => {
    const { status, stderr } = run(
      project(t, { 'toy.js': listing.replace("['revokedTokens']", "['keys']") }),
      'toy.js',
    );
    assert.deepEqual([status, stderr], [2, 'toy.js could not be tried: make gives no store of keys\n']);
  });

  it('names the port that may have been meant', (t) => {
    for (const [wrong, right] of [
      ['revokedToken', 'revokedTokens'],
      ['REVOKED', 'revokedTokens'],
      ['session', 'sessions'],
      ['constructor', 'counters'],
    ]) {
      const misspelt = listing.replace("['revokedTokens']", `['${wrong}']`);
      const { status, stdout, stderr } = run(project(t, { 'toy.js': misspelt }), 'toy.js');
      assert.deepEqual([status, stdout], [2, '']);
      assert.ok(
        stderr.startsWith(`toy.js could not be tried: there is no port "${wrong}": did you mean "${right}"?`),
        stderr,
      );
    }
  });

  it('tells in which case the process of the subject ended, and goes on with the others', (t) => {
    for (const [body, words] of [
      ["if (process.send) process.kill(process.pid, 'SIGKILL');", 'its process ended \\(SIGKILL\\)'],
      ['process.exit(7);', 'its process ended \\(exit status 7\\)'],
      [
        "setImmediate(() => { throw new Error('nobody catches this'); }); await new Promise((resolve) => setTimeout(resolve, 1000));",
        'its process ended by a fault that nobody caught: Error: nobody catches this',
      ],
    ] as const) {
      const { status, stdout } = run(sweeping(t, body), 'toy.js', '--only', 'sweeps');
      assert.equal(status, 1, body);
      assert.match(
        stdout,
        new RegExp(
          `✗ RevokedTokenStore: sweeps what expires at the limit or before it, to the millisecond\\n {6}${words}`,
        ),
      );
      assert.match(stdout, /✗ RevokedTokenStore: sweeps nothing by a limit that is no time/);
    }
  });

  it('tells in which case the process of the subject is busy for ever', (t) => {
    const busy = sweeping(t, 'for (;;);', 'export const timeLimitMilliseconds = 100;');
    const { status, stdout } = run(busy, 'toy.js', '--only', 'sweeps thousands');
    assert.equal(status, 1);
    assert.match(
      stdout,
      /✗ RevokedTokenStore: sweeps thousands, counts each and keeps those among them that are not over\n {6}its process is busy/,
    );
  });

  it('does not certify what keeps its process alive after every close', (t) => {
    const { status, stdout } = run(sweeping(t, 'setInterval(() => {}, 1e6);'), 'toy.js', '--only', 'counts each');
    assert.equal(status, 1);
    assert.match(stdout, /✗ the process ends by itself once every store is closed\n {6}something keeps it alive/);
  });

  it('runs the cases with a text in their names alone, and certifies nothing by them', (t) => {
    const folder = project(t, { 'toy.js': listing });
    const some = run(folder, 'toy.js', '--only', 'To The MILLISECOND');
    assert.equal(some.status, 0);
    assert.match(
      some.stdout,
      /expiry {4}1 passed\n[\s\S]*tried with the cases of "To The MILLISECOND" alone: none failed\n$/,
    );
    const report: Report = JSON.parse(run(folder, 'toy.js', '--json', '--only=millisecond').stdout);
    assert.deepEqual([report.certified, report.only], [false, 'millisecond']);
    const none = run(folder, 'toy.js', '--only', 'no such case');
    assert.deepEqual([none.status, none.stdout], [2, '']);
    assert.match(none.stderr, /no case has "no such case" in its name/);
  });

  it('takes a module of TypeScript, and says what it needs to read one', (t) => {
    const typed = listing.replace('function toyStore(database)', 'function toyStore(database: any): any');
    const folder = project(t, { 'toy.ts': typed, 'toy.js': listing });
    const built = existsSync(join(packages, 'port-contracts/dist/command-line.js'));
    assert.equal(run(folder, 'toy.ts', '--only', 'revokes one token').status, 0);
    if (!built) return;
    const plain = (...args: string[]) =>
      spawnSync(process.execPath, [program, ...args], { cwd: folder, encoding: 'utf8' });
    assert.match(plain('toy.ts').stderr, /^toy\.ts is TypeScript: install tsx beside it/);
    symlinkSync(join(packages, '../node_modules/tsx'), join(folder, 'node_modules/tsx'));
    const { status, stdout } = plain('toy.ts', '--only', 'revokes one token');
    assert.equal(status, 0, stdout);
  });

  it('keeps what a subject prints out of the report', (t) => {
    const talking = listing.replace('const database = new Map();', "const database = new Map(); console.log('made');");
    const { stdout } = run(project(t, { 'toy.js': talking }), 'toy.js', '--json', '--only', 'revokes one token');
    assert.equal((JSON.parse(stdout) as Report).sections[0]?.passed, 1);
  });

  it('prints what a probe looks for, as the guide has it', async () => {
    const { status, out } = await called('--probes');
    assert.equal(status, 0);
    const [, table] = /<!-- probes -->\n([\s\S]*?)<!-- \/probes -->/.exec(guide) ?? [];
    assert.equal(table, out);
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
