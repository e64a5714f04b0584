import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, it } from 'node:test';
import { temporaryFolder } from '@portcullis/testing';
import { keptTokenSecret } from '../src/settings/token-key-file.ts';

const module = new URL('../src/settings/token-key-file.ts', import.meta.url).href;

describe('the kept token secret', () => {
  it('is made at the first start, for its owner alone, and is the same at every later one', async (t) => {
    const folder = join(temporaryFolder(t), 'not', 'there');
    const first = await keptTokenSecret(folder, true);
    assert.ok(first.ok);
    assert.equal(Buffer.from(first.value, 'base64url').length, 48);
    assert.deepEqual(await keptTokenSecret(folder, true), first);
    assert.equal((await readFile(join(folder, 'token-secret'), 'utf8')).trim(), first.value);
    if (process.platform !== 'win32') {
      assert.equal((await stat(join(folder, 'token-secret'))).mode & 0o777, 0o600);
      assert.equal((await stat(folder)).mode & 0o777, 0o700);
    }
  });

  it('is another one in another folder', async (t) => {
    const folder = temporaryFolder(t);
    assert.notDeepEqual(await keptTokenSecret(join(folder, 'a'), true), await keptTokenSecret(join(folder, 'b'), true));
  });

  it('is one for all where many calls of two processes come at once, and nothing is left lying about', async (t) => {
    const folder = temporaryFolder(t);
    const racer = `
      import { keptTokenSecret } from ${JSON.stringify(module)};
      console.log('ready');
      await new Promise((go) => process.stdin.once('data', go));
      const kept = await Promise.all(Array.from({ length: 20 }, () => keptTokenSecret(${JSON.stringify(folder)}, true)));
      console.log(JSON.stringify(kept.map((one) => one.value)));
      process.stdin.destroy();`;
    const racers = [1, 2].map(() => {
      const args = [...process.execArgv, '--input-type=module', '--eval', racer];
      const { stdin, stdout } = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] });
      return { stdin, lines: createInterface({ input: stdout })[Symbol.asyncIterator]() };
    });
    for (const { lines } of racers) assert.equal((await lines.next()).value, 'ready');
    for (const { stdin } of racers) stdin.write('go');
    const answers = await Promise.all(racers.map(({ lines }) => lines.next()));
    const secrets = answers.flatMap(({ value }) => JSON.parse(String(value)) as string[]);
    assert.equal(secrets.length, 40);
    assert.equal(new Set(secrets).size, 1);
    assert.ok(secrets[0]);
    assert.deepEqual(await readdir(folder), ['token-secret']);
  });

  it('refuses a file that holds no key, and leaves it alone', async (t) => {
    const folder = temporaryFolder(t);
    for (const text of ['', 'open sesame\n', 'half a k']) {
      await writeFile(join(folder, 'token-secret'), text);
      const kept = await keptTokenSecret(folder, true);
      assert.ok(!kept.ok);
      assert.equal(kept.error.variable, 'DATA_DIR');
      assert.match(kept.error.expected, /token-secret/);
      assert.equal(await readFile(join(folder, 'token-secret'), 'utf8'), text);
    }
  });

  const skip = existsSync('/proc/self') ? false : 'there is no /proc';
  it('is refused at once where no folder can be made', { skip, timeout: 60_000 }, async () => {
    for (const folder of ['/proc/x', '/proc/x/y/z', '/proc/self/x']) {
      const secret = await keptTokenSecret(folder, true);
      assert.ok(!secret.ok && secret.error.variable === 'DATA_DIR', folder);
    }
  });

  it('refuses a folder that is a file, or that it may not write to', async (t) => {
    const folder = temporaryFolder(t);
    await writeFile(join(folder, 'file'), '');
    const kept = await keptTokenSecret(join(folder, 'file'), true);
    assert.ok(!kept.ok);
    assert.deepEqual(kept.error, {
      kind: 'setting-invalid',
      variable: 'DATA_DIR',
      expected: 'a folder that can be written to',
    });
    // Root may write anywhere.
    if (process.getuid?.() === 0) return;
    await mkdir(join(folder, 'locked'));
    await chmod(join(folder, 'locked'), 0o500);
    assert.ok(!(await keptTokenSecret(join(folder, 'locked'), true)).ok);
  });
});
