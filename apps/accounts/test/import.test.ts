import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { openStore } from '@portcullis/service';
import { CHEAP_HASHING, jsonClient, programAt, temporaryFolder } from '@portcullis/testing';
import { accounts } from '../src/service.ts';

const { runCli, startServerProcess } = programAt(new URL('../dist/main.js', import.meta.url));
const PASSWORD = 'correct horse';

/** Of `PASSWORD`: by libxcrypt, and by Python's hashlib in the format of Werkzeug. */
const USERS = [
  ['ada', '$2b$04$abcdefghijklmnopqrstuujydOTSfIH/d5oUHpsygqV5X9xJLQc6e'],
  ['bob', 'pbkdf2:sha256:1000$Zx8pQ1abCDefGHij$598e937c1eac2003aecfbc897863df820eb939ec314bd813db45e6715dcdf204'],
  [
    'eve',
    'scrypt:1024:8:1$Zx8pQ1abCDefGHij$3ab0f5b304f757c558c8df2b9a48894b86f9ff85f91e30c75ed6f62832f6ad2a630d0570579a7b61e23efe0dafcaa6eb69aa82ebbf211a0b4f23277881b34d95',
  ],
] as const;

describe('users of a Flask service', { timeout: 60_000 }, () => {
  it('log in as ever once they are imported, and have argon2id from then on', async (t) => {
    const folder = temporaryFolder(t);
    const environment = { DATA_DIR: join(folder, 'data'), LOG_LEVEL: 'error', ...CHEAP_HASHING };
    const lines = USERS.map(([username, password_hash]) =>
      JSON.stringify({ username, password_hash, first_name: 'A' }),
    );
    await writeFile(join(folder, 'users.jsonl'), `${lines.join('\n')}\n`);
    const imported = await runCli(['users', 'import', 'users.jsonl', '--json'], environment, { folder });
    assert.equal(imported.code, 0, imported.stderr);
    assert.deepEqual(JSON.parse(imported.stdout), { imported: 3, registered_already: [] });

    const server = await startServerProcess(environment);
    t.after(() => server.stop('SIGTERM'));
    const send = jsonClient(() => server.url);
    const logIn = async (username: string, password: string) => {
      const credentials = Buffer.from(`${username}:${password}`).toString('base64');
      return (await send('POST', '/login/', { headers: { Authorization: `Basic ${credentials}` } })).status;
    };
    const settings = accounts.settings.read(environment);
    assert.ok(settings.ok);
    const store = await openStore(accounts, settings.value, 'read');
    t.after(() => store.close());
    const schemes = async () => (await store.users.all()).map(({ passwordHash }) => passwordHash.slice(0, 6));

    for (const [username] of USERS) assert.equal(await logIn(username, 'wrong'), 401);
    assert.deepEqual((await schemes()).sort(), ['$2b$04', 'pbkdf2', 'scrypt']);
    for (const [username] of USERS) assert.equal(await logIn(username, PASSWORD), 200, username);
    assert.deepEqual(await schemes(), ['$argon', '$argon', '$argon']);
    for (const [username] of USERS) {
      assert.equal(await logIn(username, PASSWORD), 200, username);
      assert.equal(await logIn(username, 'wrong'), 401);
    }
  });
});
