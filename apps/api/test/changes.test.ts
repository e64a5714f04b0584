// docs/architecture.md shows what a change touches: the changes are made to a copy of the sources.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { cpSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { temporaryFolder } from '@portcullis/testing';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const run = promisify(execFile);

/** What a change says of one file: the texts that it replaces, each of which is there once. */
interface Edit {
  readonly file: string;
  readonly hunks: readonly { readonly before: string; readonly after: string }[];
}

/** The changes that the document shows, in its order. */
const CHANGES: readonly (readonly Edit[])[] = [
  ...readFileSync(join(ROOT, 'docs/architecture.md'), 'utf8').matchAll(/^```diff\n(.*?)^```$/gms),
].map(([, diff = '']) =>
  diff
    .split(/^\+\+\+ b\//m)
    .slice(1)
    .map((part): Edit => {
      const [file = '', ...hunks] = part.split(/\n@@\n/);
      const side = (hunk: string, other: '+' | '-') =>
        hunk
          .split('\n')
          .filter((line) => !line.startsWith(other))
          .map((line) => line.slice(1))
          .join('\n');
      return {
        file,
        hunks: hunks
          .map((hunk) => hunk.replace(/\n$/, ''))
          .map((hunk) => ({ before: side(hunk, '+'), after: side(hunk, '-') })),
      };
    }),
);

/** The sources, built by nobody yet; the dependencies are those of the original. */
function copyOfSources(t: TestContext): string {
  const copy = temporaryFolder(t);
  const isSource = (path: string) => basename(path) !== 'dist' && basename(path) !== 'data';
  for (const folder of ['packages', 'apps', 'scripts']) {
    cpSync(join(ROOT, folder), join(copy, folder), { recursive: true, verbatimSymlinks: true, filter: isSource });
  }
  for (const file of readdirSync(ROOT).filter((name) => /\.(?:json|yaml)$/.test(name))) {
    cpSync(join(ROOT, file), join(copy, file));
  }
  symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'));
  return copy;
}

function apply(copy: string, { file, hunks }: Edit): void {
  let text = readFileSync(join(copy, file), 'utf8');
  for (const { before, after } of hunks) {
    assert.equal(text.split(before).length, 2, `${file} has this once:\n${before}`);
    text = text.replace(before, () => after);
  }
  writeFileSync(join(copy, file), text);
}

const PROGRAM = { noEmit: true, composite: false, incremental: false, types: ['node'] };

/** Runs in the copy: the field is stored, by SQLite and beyond a restart, and answered. */
const CHECK = `
import assert from 'node:assert/strict';
import { api } from '@portcullis/api';
import { jsonClient, serveForTest } from '@portcullis/testing';

const served = await serveForTest(api);
const who = { email: 'root@example.org', password: 'iron-bars-and-oak' };
const first = jsonClient(() => served.url);
assert.equal((await first('POST', '/auth/register', { json: who })).status, 201);
const { id } = (await served.composition.findUser(who.email)) ?? assert.fail();
assert.ok((await served.composition.changeAccess('operator', id, { admin: true })).ok);
const headers = { Authorization: 'Bearer ' + (await first('POST', '/auth/login', { json: who })).json.access_token };
const content = { info_url: 'https://example.org/', deadline: '2099-01-01' };
assert.equal((await first('PUT', '/widgets/gate', { headers, json: { ...content, remark: 'creaks' } })).status, 201);
assert.equal((await first('POST', '/widgets', { headers, json: { ...content, name: 'door' } })).status, 201);
const again = await served.restart();
const send = jsonClient(() => again.url);
const remarks = async () =>
  (await send('GET', '/widgets', { headers })).json.items.map((widget: { remark: string }) => widget.remark);
assert.deepEqual(await remarks(), ['creaks', '']);
assert.equal((await send('PATCH', '/widgets/door', { headers, json: { remark: 'is oiled' } })).status, 200);
assert.equal((await send('PATCH', '/widgets/gate', { headers, json: { deadline: '2098-01-01' } })).status, 200);
assert.deepEqual(await remarks(), ['creaks', 'is oiled']);
assert.equal((await send('GET', '/swagger.json')).json.info.title, 'Portcullis');
await again.close();
console.log('checked');
`;

describe('the changes that docs/architecture.md shows', () => {
  it('touch at most 4, 3 and 6 files of source', () => {
    const files = CHANGES.map((edits) => edits.map(({ file }) => file));
    assert.deepEqual(
      files.map((each, n) => each.length <= ([4, 3, 6][n] ?? 0)),
      [true, true, true],
    );
    for (const file of files.flat()) assert.match(file, /\/src\/.*\.ts$/);
  });

  it('are all that there is to do: types are right, and the field is stored and answered', async (t) => {
    const copy = copyOfSources(t);
    for (const edit of CHANGES.flat()) apply(copy, edit);
    const node = (...args: string[]) => run(process.execPath, args, { cwd: copy, timeout: 240_000 });
    // The sources of all packages that the service is made of, in one program.
    const program = { extends: './tsconfig.base.json', compilerOptions: PROGRAM, include: ['apps/api/src'] };
    writeFileSync(join(copy, 'tsconfig.changes.json'), JSON.stringify(program));
    const checked = node('node_modules/typescript/bin/tsc', '-p', 'tsconfig.changes.json');
    await checked.catch((fault) => assert.fail(fault.stdout));
    const check = join(copy, 'apps/api/test/field-check.ts');
    writeFileSync(check, CHECK);
    const { stdout } = await node('--conditions=source', '--import', 'tsx', check);
    assert.equal(stdout.trim(), 'checked');
  });
});
