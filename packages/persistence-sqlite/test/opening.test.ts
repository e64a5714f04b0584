import assert from 'node:assert/strict';
import {
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { DatabaseSync } from '@photostructure/sqlite';
import { PORT_NAMES, Unavailable } from '@portcullis/domain';
import { openSqlite, SqliteFileRefused, sqlite } from '@portcullis/persistence-sqlite';
import { folderOf } from './support/folder.ts';
import { login, openWidgets, token, user, userId, widget } from './support/samples.ts';
import { makeVersion1 } from './support/version-1.ts';

const modeOf = (path: string): string => (statSync(path).mode & 0o777).toString(8);

/** Changes a file past the stores. */
function alter(file: string, sql: string): void {
  const database = new DatabaseSync(file);
  database.exec(sql);
  // Into the file now: the last connection that closes it would do so, and one that is garbage closes late.
  database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  database.close();
}

async function refusal(file: string): Promise<string> {
  const before = readFileSync(file);
  const fault = await openSqlite({ file }).then(
    () => assert.fail('it was opened'),
    (reason: unknown) => reason,
  );
  assert.ok(fault instanceof SqliteFileRefused, String(fault));
  assert.equal(fault.file, file);
  assert.deepEqual(readFileSync(file), before, 'a file that is refused stays as it was');
  return fault.message.replace(file, 'FILE');
}

const notWithoutProc = existsSync('/proc/self') ? false : 'there is no /proc';

describe('opening a file', () => {
  it('reads a file that is not there as an empty store, and makes none', async (t) => {
    const { path } = folderOf(t);
    const owner = { name: 'store', ports: PORT_NAMES, collections: [], folder: path, timeoutMilliseconds: 1000 };
    const stores = await sqlite().open({}, owner, 'read');
    assert.deepEqual(await stores.users.all(), []);
    const file = join(path, 'store.sqlite');
    assert.deepEqual(await stores.status(), { store: 'sqlite', file, schemaVersion: 'not made yet' });
    await stores.check();
    await stores.close();
    await assert.rejects(stores.check(), Unavailable);
    assert.equal(existsSync(file), false);
  });

  it('is unavailable where no folder can be made', { skip: notWithoutProc, timeout: 60_000 }, async () => {
    for (const file of ['/proc/x/store.sqlite', '/proc/x/y/store.sqlite', '/proc/self/x/store.sqlite'])
      await assert.rejects(openSqlite({ file }), Unavailable, file);
    const owner = { name: 'store', ports: PORT_NAMES, collections: [], folder: '/proc/x', timeoutMilliseconds: 1000 };
    for (const use of ['write', 'prepare'] as const) await assert.rejects(sqlite().open({}, owner, use), Unavailable);
  });

  it('makes what is missing, for this user alone', async (t) => {
    const { path } = folderOf(t);
    const umask = process.umask(0);
    t.after(() => process.umask(umask));
    const file = join(path, 'data', 'deeper', 'store.sqlite');
    const stores = await openSqlite({ file });
    await stores.users.add(user(1));
    for (const folder of ['data', 'data/deeper']) assert.equal(modeOf(join(path, folder)), '700', folder);
    for (const suffix of ['', '-wal', '-shm']) assert.equal(modeOf(`${file}${suffix}`), '600', suffix);
    await stores.close();
  });

  it('tells what is in it, and that a commit is on the disk when it is acknowledged', async (t) => {
    const { file } = folderOf(t);
    const stores = await openWidgets({ file });
    await stores.users.add(user(1));
    await stores.widgets.add(widget(1));
    for (const name of ['users', 'ships']) await stores.counters.next(name);
    const { fileBytes, logBytes, ...status } = await stores.status();
    assert.deepEqual(status, {
      store: 'sqlite',
      file,
      schemaVersion: 11,
      keys: 0,
      mailTokens: 0,
      audit: 0,
      sessions: 0,
      journalMode: 'wal',
      synchronous: 2,
      users: 1,
      revokedTokens: 0,
      widgets: 1,
      counters: 2,
    });
    assert.deepEqual([fileBytes, logBytes], [statSync(file).size, statSync(`${file}-wal`).size]);
    assert.ok(logBytes > 0);
    await stores.close();
    await assert.rejects(stores.status(), Unavailable);
  });

  it('leaves the whole of the data in the file when it is closed, as often as one likes', async (t) => {
    const { path, file } = folderOf(t);
    const stores = await openSqlite({ file });
    await stores.users.add(user(1));
    await stores.close();
    await stores.close();
    const copy = join(path, 'copy.sqlite');
    writeFileSync(copy, readFileSync(file));
    const copied = await openSqlite({ file: copy });
    assert.deepEqual(await copied.users.byId(userId(1)), user(1));
    await copied.close();
  });

  it('writes ahead again in a copy that had lost it', async (t) => {
    const { file } = folderOf(t);
    await (await openSqlite({ file })).close();
    const copy = `${file}.copy`;
    alter(file, `VACUUM INTO '${copy}'`);
    const stores = await openSqlite({ file: copy });
    assert.equal((await stores.status()).journalMode, 'wal');
    await stores.close();
  });

  it('brings a file of version 1 over, with all that is in it', async (t) => {
    const { file } = folderOf(t);
    makeVersion1(file);
    for (const _ of ['when it is brought over', 'from then on']) {
      const stores = await openWidgets({ file });
      assert.equal((await stores.status()).schemaVersion, 11);
      assert.deepEqual(await stores.users.all(), [
        user(1, { ...login('Jane@Example.com'), loginKey: login('jane@example.com').loginKey, admin: true }),
        user(2, { disabled: true }),
      ]);
      assert.deepEqual(await stores.users.page({ number: 2, size: 1 }), {
        items: [user(2, { disabled: true })],
        total: 2,
      });
      assert.equal((await stores.users.add(user(3, login('jane@example.com')))).ok, false);
      assert.equal((await stores.users.changeAccess(userId(1), { admin: false })).ok, false);
      assert.equal(await stores.revokedTokens.isRevoked(token(1).tokenId), true);
      assert.deepEqual((await stores.widgets.byKey(widget(1).name))?.record, widget(1));
      await stores.close();
    }
    const stores = await openSqlite({ file });
    const changed = await stores.users.replaceCredentials(userId(2), { ...user(2), ...login('bob@example.com') });
    assert.deepEqual(changed, {
      ok: true,
      value: user(2, { disabled: true, tokenEpoch: 1, ...login('bob@example.com') }),
    });
    assert.equal(await stores.counters.next('users'), 1);
    await stores.close();
  });

  it('has the tables that the service names, and of the others those that were used before', async (t) => {
    const { file, path } = folderOf(t);
    const tables = (of: string): readonly string[] => {
      const database = new DatabaseSync(of);
      const rows: readonly { readonly name: string }[] = database
        .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name IN ('widgets', 'books', 'ships')")
        .all();
      database.close();
      return rows.map(({ name }) => name).sort();
    };
    await (await openSqlite({ file })).close();
    assert.deepEqual(tables(file), []);
    await (await openWidgets({ file })).close();
    assert.deepEqual(tables(file), ['widgets']);
    const old = join(path, 'old.sqlite');
    makeVersion1(old);
    await (await openSqlite({ file: old })).close();
    assert.deepEqual(tables(old), ['widgets']);
  });

  it('refuses a file of a newer release', async (t) => {
    const { file } = folderOf(t);
    await (await openSqlite({ file })).close();
    alter(file, 'PRAGMA user_version = 99');
    assert.equal(await refusal(file), 'FILE was written by a newer release (schema version 99, this release knows 11)');
  });

  it('makes nothing and brings nothing over where it is told not to migrate', async (t) => {
    const { file } = folderOf(t);
    await assert.rejects(openSqlite({ file, migrates: false }), /is not there/);
    assert.equal(existsSync(file), false);

    await (await openSqlite({ file })).close();
    alter(file, 'PRAGMA user_version = 1');
    const before = readFileSync(file);
    await assert.rejects(
      openSqlite({ file, migrates: false }),
      /is of an earlier release; `serve` or `db migrate` brings it/,
    );
    assert.deepEqual(readFileSync(file), before);
  });

  it('refuses a database of another program', async (t) => {
    const { path } = folderOf(t);
    const settings = ['CREATE TABLE users (id)', 'PRAGMA user_version = 1', 'PRAGMA application_id = 252006674'];
    for (const [n, sql] of settings.entries()) {
      const file = join(path, `${n}.sqlite`);
      alter(file, `${sql}; VACUUM`);
      assert.equal(await refusal(file), 'FILE is a database of another program', sql);
    }
  });

  it('refuses what is no database, or a broken one', async (t) => {
    const { path, file } = folderOf(t);
    await (await openSqlite({ file })).close();
    const whole = readFileSync(file);
    const schema = Buffer.from(whole).fill(0xff, 100, 4096);
    for (const [name, content] of Object.entries({
      text: Buffer.from('TOKEN_SECRET=secret\n'.repeat(100)),
      noise: Buffer.alloc(8192, 0xa5),
      schema,
    })) {
      const broken = join(path, name);
      writeFileSync(broken, content);
      assert.equal(await refusal(broken), 'FILE is not a database, or a broken one', name);
    }
  });

  it('is an outage where there is no way to a file', async (t) => {
    const { path } = folderOf(t);
    mkdirSync(join(path, 'folder'));
    writeFileSync(join(path, 'file'), '');
    for (const name of ['folder', 'file/store.sqlite', 'file/deeper/store.sqlite', '\0']) {
      await assert.rejects(openSqlite({ file: join(path, name) }), name === '\0' ? TypeError : Unavailable, name);
    }
  });

  it('is an outage for writers where the file may only be read', async (t) => {
    const { file } = folderOf(t);
    const stores = await openSqlite({ file });
    await stores.users.add(user(1));
    await stores.close();
    // A write version that SQLite does not know makes it read-only to everyone, root included (fileformat.html §1.3.3).
    const content = readFileSync(file);
    content[18] = 3;
    writeFileSync(file, content);

    const readOnly = await openSqlite({ file });
    assert.deepEqual(await readOnly.users.byId(userId(1)), user(1));
    await assert.rejects(readOnly.users.add(user(2)), Unavailable);
    await assert.rejects(readOnly.users.changeAccess(userId(1), { admin: true }), Unavailable);
    await readOnly.close();
  });
});

describe('readiness', () => {
  it('holds while the store answers and ends with it', async (t) => {
    const { file } = folderOf(t);
    const stores = await openSqlite({ file });
    await stores.check();
    await stores.close();
    await assert.rejects(stores.check(), Unavailable);
  });

  it('ends where the file is gone or another one, though SQLite would go on', async (t) => {
    const { file } = folderOf(t);
    const stores = await openSqlite({ file });
    renameSync(file, `${file}.away`);
    await assert.rejects(stores.check(), Unavailable);
    writeFileSync(file, '');
    await assert.rejects(stores.check(), Unavailable);
    rmSync(file);
    renameSync(`${file}.away`, file);
    await stores.check();
    await stores.close();
  });

  it('ends where the file breaks', async (t) => {
    const { file } = folderOf(t);
    const stores = await openSqlite({ file });
    await stores.users.add(user(1));
    await stores.close();
    const again = await openSqlite({ file });
    truncateSync(file, 4096);
    await assert.rejects(again.check(), Unavailable);
    await assert.rejects(again.users.byId(userId(1)));
    await again.close();
  });
});
