// What a service keeps of its own in the file, on the connection and in the transactions of the ports.
import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { ok, Unavailable, type UserId } from '@portcullis/domain';
import { type OwnSqlite, openSqlite, type SqliteConnection, SqliteFileRefused } from '@portcullis/persistence-sqlite';
import { folderOf } from './support/folder.ts';
import { UNHURRIED } from './support/patience.ts';
import { user, userId } from './support/samples.ts';

/** Points of users. A user who goes takes theirs along. */
const pointsOn = (connection: SqliteConnection) => {
  const insert = connection.prepare('INSERT INTO points (user_id, points) VALUES (?, ?)');
  const select = connection.prepare<{ readonly points: number }>('SELECT points FROM points WHERE user_id = ?');
  const promote = connection.prepare('UPDATE users SET first_name = ? WHERE id = ?');
  return {
    points: {
      of: (id: UserId) => connection.read(() => select.get(id)?.points),
      /** Gives points and a name, or neither. */
      give: (id: UserId, points: number, name: string) =>
        connection.writeTogether(() => {
          const { changes } = promote.run(name, id);
          insert.run(id, points);
          return changes;
        }),
    },
  };
};

const POINTS: OwnSqlite<ReturnType<typeof pointsOn>> = {
  tables: {
    points: `CREATE TABLE points (
      user_id TEXT    NOT NULL PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
      points  INTEGER NOT NULL CHECK (points >= 0)
    ) STRICT;
    CREATE INDEX points_in_order ON points (points);`,
  },
  open: pointsOn,
};

async function opened(t: TestContext, file = folderOf(t).file) {
  const stores = await openSqlite({ file, own: POINTS, ...UNHURRIED });
  t.after(() => stores.close());
  assert.ok(stores.ownStores);
  return { ...stores, file, points: stores.ownStores.points };
}

describe('own tables in the file', () => {
  it('are made once, counted by the status, and there after a reopen', async (t) => {
    const { users, points, file, status } = await opened(t);
    await users.add(user(1));
    await points.give(userId(1), 5, 'Ada');
    assert.equal((await status()).points, 1);
    const again = await opened(t, file);
    assert.equal(await again.points.of(userId(1)), 5);
  });

  it('are changed in one transaction with those of the ports: both or neither', async (t) => {
    const { users, points } = await opened(t);
    await users.add(user(1));
    await assert.rejects(points.give(userId(1), -1, 'Eve'), /CHECK/);
    assert.deepEqual(await users.byId(userId(1)), user(1));
    assert.equal(await points.give(userId(1), 5, 'Ada'), 1);
    assert.deepEqual(await users.byId(userId(1)), user(1, { firstName: 'Ada' }));
    assert.equal(await points.of(userId(1)), 5);
  });

  it('lose with a user what is theirs, in the transaction of the removal', async (t) => {
    const { users, points } = await opened(t);
    await users.add(user(1));
    await points.give(userId(1), 5, 'Ada');
    assert.deepEqual(await users.remove(userId(1)), ok(undefined));
    assert.equal(await points.of(userId(1)), undefined);
    await assert.rejects(points.give(userId(2), 1, 'Nobody'), /FOREIGN KEY/);
  });

  it('are unavailable where the ports are', async (t) => {
    const { points, close } = await opened(t);
    await close();
    await assert.rejects(points.of(userId(1)), Unavailable);
  });

  it('are made in a file that is there by a start alone, and never under a name that is taken', async (t) => {
    const { file } = folderOf(t);
    await (await openSqlite({ file, ...UNHURRIED })).close();
    await assert.rejects(openSqlite({ file, own: POINTS, migrates: false }), SqliteFileRefused);
    await opened(t, file);
    for (const name of ['users', 'mail_tokens']) {
      const taken = { tables: { [name]: '' }, open: () => ({}) };
      await assert.rejects(openSqlite({ file, own: taken }), /another table of the name/);
    }
  });
});
