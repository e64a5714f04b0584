import assert from 'node:assert/strict';
import { ok } from '@portcullis/domain';
import { cases } from '../contract-case.ts';
import { administrator, login, NOON, passwordHash, user, userId } from '../samples.ts';
import type { UserStoreSubject } from './records.ts';

export const restart = cases<UserStoreSubject>('restart', {
  'finds every acknowledged change after a reopen': async ({ stores: { users }, close, reopen }) => {
    for (const n of [1, 2, 3, 4]) await users.add(user(n, { registeredAt: NOON }));
    await users.add(administrator(5, login('Ünï@Exämple.org')));
    await users.changeAccess(userId(1), { admin: true });
    await users.changeAccess(userId(2), { disabled: true });
    await users.replacePasswordHash(userId(3), passwordHash(3), passwordHash(9));
    await users.remove(userId(4));
    const before = await users.page({ number: 1, size: 10 });
    await close();

    const again = await reopen();
    assert.deepEqual(await again.users.page({ number: 1, size: 10 }), before);
    assert.equal((await again.users.byId(userId(1)))?.admin, true);
    assert.equal((await again.users.byId(userId(2)))?.disabled, true);
    assert.equal((await again.users.byId(userId(3)))?.passwordHash, passwordHash(9));
    assert.equal(await again.users.byId(userId(4)), undefined);
  },

  'still knows whose login is taken and who is the last administrator': async ({ stores, close, reopen }) => {
    await stores.users.add(administrator(1, login('Jane@Example.com')));
    await stores.users.add(user(2));
    await stores.users.remove(userId(2));
    await close();

    const { users } = await reopen();
    assert.equal((await users.add(user(3, login('jane@example.com')))).ok, false);
    assert.equal((await users.remove(userId(1))).ok, false);
    assert.deepEqual(await users.add(user(4, login(user(2).login))), ok(undefined));
  },
});
