// A file has the tables of its service, and one of an earlier release may have more.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { DatabaseSync } from '@photostructure/sqlite';
import { COMMON_PORTS, ok, PORT_NAMES, widgetCollection } from '@portcullis/domain';
import { openSqlite, SqliteFileRefused } from '@portcullis/persistence-sqlite';
import { folderOf } from './support/folder.ts';
import { UNHURRIED } from './support/patience.ts';
import { user, userId, widget } from './support/samples.ts';
import { makeVersion1 } from './support/version-1.ts';

/** Each table and index with what made it, as another program sees it. */
function schemaOf(file: string): Readonly<Record<string, string>> {
  const database = new DatabaseSync(file, { readOnly: true });
  try {
    const rows: { readonly name: string; readonly sql: string | null }[] = database
      .prepare('SELECT name, sql FROM sqlite_schema ORDER BY name')
      .all();
    return Object.fromEntries(rows.map(({ name, sql }) => [name, (sql ?? '').replaceAll(/\s+/g, ' ')]));
  } finally {
    database.close();
  }
}

const tablesOf = (file: string): readonly string[] =>
  Object.entries(schemaOf(file)).flatMap(([name, sql]) => (sql.startsWith('CREATE TABLE') ? [name] : []));

describe('the ports of a file', () => {
  it('have the tables that it has, and there is no other', async (t) => {
    const { file } = folderOf(t);
    const stores = await openSqlite({ file, ports: COMMON_PORTS, collections: [widgetCollection], ...UNHURRIED });
    t.after(() => stores.close());
    assert.deepEqual(tablesOf(file), ['audit', 'revoked_tokens', 'users', 'widgets']);
    assert.ok(!('sessions' in stores) && !('counters' in stores));
    const { users, revokedTokens, audit, widgets, sessions, keys } = await stores.status();
    assert.deepEqual(
      { users, revokedTokens, audit, widgets, sessions, keys },
      {
        ...{ users: 0, revokedTokens: 0, audit: 0, widgets: 0, sessions: undefined, keys: undefined },
      },
    );
  });

  it('keep users who have no sessions: they are disabled and removed all the same', async (t) => {
    const { file } = folderOf(t);
    const stores = await openSqlite({ file, ports: ['users'], ...UNHURRIED });
    t.after(() => stores.close());
    await stores.users.add(user(1));
    assert.equal((await stores.users.changeAccess(userId(1), { disabled: true })).ok, true);
    assert.deepEqual(await stores.users.remove(userId(1)), ok(undefined));
    assert.equal(await stores.users.byId(userId(1)), undefined);
  });

  it('are the same tables whether they were made one by one or all at once', async (t) => {
    const [one, all] = [folderOf(t).file, folderOf(t).file];
    for (let count = 1; count <= PORT_NAMES.length; count += 1) {
      await (await openSqlite({ file: one, ports: PORT_NAMES.slice(0, count), ...UNHURRIED })).close();
    }
    await (await openSqlite({ file: all, ...UNHURRIED })).close();
    assert.deepEqual(schemaOf(one), schemaOf(all));
    // As the migrations make them, from the first release on.
    const { file: old } = folderOf(t);
    makeVersion1(old);
    await (await openSqlite({ file: old, collections: [widgetCollection], ...UNHURRIED })).close();
    const { file: anew } = folderOf(t);
    await (await openSqlite({ file: anew, ...UNHURRIED })).close();
    const migrated = schemaOf(old);
    for (const [name, sql] of Object.entries(schemaOf(anew))) assert.equal(migrated[name], sql, name);
  });

  it('may be fewer than those of a file of an earlier release, which keeps its tables and what is in them', async (t) => {
    const { file } = folderOf(t);
    const before = await openSqlite({ file, collections: [widgetCollection], ...UNHURRIED });
    await before.users.add(user(1));
    await before.counters.next('kept');
    await before.collection(widgetCollection).add(widget(1));
    await before.close();
    const fewer = await openSqlite({ file, ports: ['users'], migrates: false, ...UNHURRIED });
    assert.deepEqual(await fewer.users.remove(userId(1)), ok(undefined));
    await fewer.close();
    const again = await openSqlite({ file, collections: [widgetCollection], migrates: false, ...UNHURRIED });
    t.after(() => again.close());
    assert.equal(await again.counters.last('kept'), 1);
    assert.equal((await again.status()).widgets, 1);
  });

  it('may become more: their tables are made where that is allowed, and the file is refused elsewhere', async (t) => {
    const { file } = folderOf(t);
    await (await openSqlite({ file, ports: ['users'], ...UNHURRIED })).close();
    await assert.rejects(openSqlite({ file, ports: ['users', 'counters'], migrates: false }), SqliteFileRefused);
    const more = await openSqlite({ file, ports: ['users', 'counters'], ...UNHURRIED });
    t.after(() => more.close());
    assert.equal(await more.counters.next('first'), 1);
    assert.deepEqual(tablesOf(file), ['counters', 'users']);
  });
});
