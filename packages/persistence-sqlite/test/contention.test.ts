import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { DatabaseSync, type DatabaseSyncInstance } from '@photostructure/sqlite';
import { Unavailable } from '@portcullis/domain';
import { folderOf } from './support/folder.ts';
import { UNHURRIED } from './support/patience.ts';
import { openWidgets, token, user, userId, type WidgetStores, widget } from './support/samples.ts';

/** Stores with one user, and a second connection that holds the write lock. */
async function locked(
  t: TestContext,
  limit: { readonly timeoutMilliseconds: number } = UNHURRIED,
): Promise<{ readonly stores: WidgetStores; readonly holder: DatabaseSyncInstance }> {
  const { file } = folderOf(t);
  const stores = await openWidgets({ file, ...limit });
  await stores.users.add(user(1));
  const holder = new DatabaseSync(file);
  t.after(async () => {
    holder.close();
    await stores.close();
  });
  holder.exec('BEGIN IMMEDIATE');
  return { stores, holder };
}

describe('a file that another process writes to', () => {
  it('is waited for without holding up anyone else', async (t) => {
    const { stores, holder } = await locked(t);
    const writes = Promise.all([
      stores.users.add(user(2)),
      stores.users.changeAccess(userId(1), { admin: true }),
      stores.revokedTokens.revoke(token(1)),
      stores.widgets.put(widget(1)),
    ]);
    for (let turn = 0; turn < 100; turn += 1) {
      await setImmediate();
      assert.deepEqual(await stores.users.byId(userId(1)), user(1));
    }
    holder.exec('COMMIT');
    const [added, changed, revoked, put] = await writes;
    assert.deepEqual([added.ok, changed.ok, revoked, put.ok], [true, true, true, true]);
  });

  it('is an outage once patience has run out, and nothing of the write is left', async (t) => {
    const timeoutMilliseconds = 500;
    const { stores, holder } = await locked(t, { timeoutMilliseconds });
    const since = performance.now();
    const writes = [
      () => stores.users.add(user(2)),
      () => stores.users.changeAccess(userId(1), { admin: true }),
      () => stores.users.remove(userId(1)),
      () => stores.revokedTokens.revoke(token(1)),
      () => stores.revokedTokens.sweep(token(1).expiresAt),
      () => stores.widgets.put(widget(1)),
      () => stores.users.replaceCredentials(userId(1), user(2)),
      () => stores.widgets.add(widget(2)),
      () => stores.widgets.replace(widget(1)),
      () => stores.widgets.remove(widget(1).name),
      () => stores.counters.next('users'),
      () => stores.counters.advance('users', 7),
    ];
    await Promise.all(writes.map((write) => assert.rejects(write(), Unavailable)));
    const waited = performance.now() - since;
    assert.ok(waited >= timeoutMilliseconds, `${waited} ms`);
    holder.exec('ROLLBACK');
    assert.deepEqual(await stores.users.page({ number: 1, size: 10 }), { items: [user(1)], total: 1 });
    assert.equal(await stores.revokedTokens.isRevoked(token(1).tokenId), false);
    assert.equal((await stores.widgets.list({ number: 1, size: 1 })).total, 0);
    assert.equal(await stores.counters.next('users'), 1);
    assert.equal((await stores.users.add(user(2))).ok, true);
  });

  it('serves those who waited in the order of their arrival', async (t) => {
    const { stores, holder } = await locked(t);
    const served: number[] = [];
    const numbers = Array.from({ length: 50 }, (_, n) => n + 2);
    const writes = numbers.map((n) => stores.users.add(user(n)).then(() => served.push(n)));
    await setImmediate();
    holder.exec('COMMIT');
    const late = stores.users.add(user(1000)).then(() => served.push(1000));
    await Promise.all([...writes, late]);
    assert.deepEqual(served, [...numbers, 1000]);
  });

  it('ends the wait of a store that is closed meanwhile', async (t) => {
    const { stores } = await locked(t);
    const write = assert.rejects(stores.users.add(user(2)), Unavailable);
    await stores.close();
    await write;
  });
});
