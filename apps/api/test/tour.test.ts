import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { appendFileSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { temporaryFolder } from '@portcullis/testing';
import { type ServerProcess, startServerProcess } from './support/process.ts';

const root = join(dirname(fileURLToPath(import.meta.url)), '../../..');
const WRITTEN_FOR = 'http://127.0.0.1:3000';

const readTour = (): string => {
  const found = /<!-- tour -->\n```sh\n([\s\S]*?)```\n<!-- \/tour -->/.exec(
    readFileSync(join(root, 'README.md'), 'utf8'),
  );
  assert.ok(found?.[1], 'the README has a tour');
  return found[1];
};

function hasCurl(): boolean {
  const found = spawnSync('curl', ['--version']).status === 0;
  if (found) return true;
  const lack = 'The tour of the README did not run: there is no curl on this machine.\n';
  if (process.env.CI === 'true') assert.fail(lack);
  if (process.env.NOT_RUN_FILE) appendFileSync(process.env.NOT_RUN_FILE, lack);
  return false;
}

describe('the tour of the README', { timeout: 60_000 }, () => {
  it('runs as written and shows what it says', async (t) => {
    if (!hasCurl()) return;
    const environment = { APP_ENV: 'development', DATA_DIR: temporaryFolder(t) };
    let server: ServerProcess | undefined;
    t.after(() => server?.stop('SIGTERM'));
    server = await startServerProcess(environment);

    const tour = readTour().replaceAll(WRITTEN_FOR, server.url);
    const {
      stdout: shown,
      stderr,
      status,
    } = spawnSync('sh', ['-eu', '-c', tour], {
      cwd: root,
      env: { ...process.env, ...environment },
      encoding: 'utf8',
    });
    assert.equal(status, 0, `${shown}\n${stderr}`);

    const expectations = [...tour.matchAll(/^# → (.*)$/gm)].map(([, text = '']) => text);
    assert.ok(expectations.length > 0);
    let from = 0;
    for (const text of expectations) {
      const at = shown.indexOf(text, from);
      assert.ok(at >= 0, `expected ${text} in\n${shown.slice(from)}`);
      from = at + text.length;
    }
  });
});
