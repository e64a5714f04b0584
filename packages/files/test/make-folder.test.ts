import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { isSystemError, makeFolder } from '@portcullis/files';

function parentOf(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'portcullis-files-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

describe('making a folder', () => {
  it('makes all that is missing above it, for this user alone, and leaves what is there', async (t) => {
    const parent = parentOf(t);
    const umask = process.umask(0);
    t.after(() => process.umask(umask));
    const folder = join(parent, 'a', 'b', 'c');
    for (let times = 0; times < 2; times += 1) await makeFolder(folder);
    for (const each of ['a', 'a/b', 'a/b/c']) assert.equal(statSync(join(parent, each)).mode & 0o777, 0o700, each);
  });

  it('is done once by any number that make it at the same time', async (t) => {
    const folder = join(parentOf(t), 'a', 'b', 'c');
    await Promise.all(Array.from({ length: 50 }, (_, n) => makeFolder(join(folder, String(n % 5)))));
    for (let n = 0; n < 5; n += 1) assert.ok(statSync(join(folder, String(n))).isDirectory());
  });

  it('fails with the error of the system below a file', async (t) => {
    const file = join(parentOf(t), 'file');
    writeFileSync(file, '');
    await assert.rejects(makeFolder(join(file, 'x')), (fault) => isSystemError(fault, 'ENOTDIR'));
  });

  for (const folder of ['/proc/x', '/proc/x/y/z', '/proc/self/x', '/proc/1/../x/y']) {
    const skip = existsSync('/proc/self') ? false : 'there is no /proc';
    it(`fails where none can be made, instead of going on for ever: ${folder}`, { skip, timeout: 60_000 }, async () => {
      await assert.rejects(makeFolder(folder), (fault) => isSystemError(fault, 'ENOENT'));
    });
  }
});
