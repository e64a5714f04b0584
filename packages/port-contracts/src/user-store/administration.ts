import assert from 'node:assert/strict';
import { type AccessChange, ok } from '@portcullis/domain';
import { cases } from '../contract-case.ts';
import { administrator, login, loginKey, passwordHash, user, userId } from '../samples.ts';
import type { UserStoreSubject } from './records.ts';

const NOT_FOUND = { ok: false, error: { kind: 'user-not-found' } } as const;
const LAST_ADMINISTRATOR = { ok: false, error: { kind: 'last-administrator' } } as const;

export const administration = cases<UserStoreSubject>('contract', {
  'changes what is named, keeps the rest, and answers the user as it is then': async ({ stores: { users } }) => {
    await users.add(administrator(1));
    await users.add(user(2));
    const steps: readonly (readonly [AccessChange, object])[] = [
      [{ admin: true }, { admin: true, disabled: false, tokenEpoch: 1 }],
      [{ disabled: true }, { admin: true, disabled: true, tokenEpoch: 2 }],
      [{ admin: false }, { admin: false, disabled: true, tokenEpoch: 3 }],
      [{}, { admin: false, disabled: true, tokenEpoch: 3 }],
      [
        { admin: true, disabled: false },
        { admin: true, disabled: false, tokenEpoch: 4 },
      ],
      [
        { admin: false, disabled: true },
        { admin: false, disabled: true, tokenEpoch: 5 },
      ],
      [{ disabled: false }, { admin: false, disabled: false, tokenEpoch: 6 }],
    ];
    for (const [change, expected] of steps) {
      assert.deepEqual(await users.changeAccess(userId(2), change), ok({ ...user(2), ...expected }));
      assert.deepEqual(await users.byId(userId(2)), { ...user(2), ...expected });
      assert.deepEqual(await users.byLogin(user(2).loginKey), { ...user(2), ...expected });
    }
    assert.deepEqual(await users.byId(userId(1)), administrator(1));
  },

  'finds nobody to change, remove or give a new hash': async ({ stores: { users } }) => {
    await users.add(administrator(1));
    assert.deepEqual(await users.changeAccess(userId(2), { admin: true }), NOT_FOUND);
    assert.deepEqual(await users.remove(userId(2)), NOT_FOUND);
    assert.equal(await users.replacePasswordHash(userId(2), passwordHash(1), passwordHash(2)), false);
    assert.deepEqual(await users.page({ number: 1, size: 10 }), { items: [administrator(1)], total: 1 });
  },

  'keeps the last administrator who is not disabled': async ({ stores: { users } }) => {
    await users.add(administrator(1));
    await users.add(administrator(2, { disabled: true }));
    await users.add(user(3));
    for (const change of [{ admin: false }, { disabled: true }, { admin: false, disabled: true }]) {
      assert.deepEqual(await users.changeAccess(userId(1), change), LAST_ADMINISTRATOR);
    }
    assert.deepEqual(await users.remove(userId(1)), LAST_ADMINISTRATOR);
    assert.deepEqual(await users.byId(userId(1)), administrator(1));
    for (const change of [{}, { admin: true }, { disabled: false }, { admin: true, disabled: false }]) {
      assert.deepEqual(await users.changeAccess(userId(1), change), ok(administrator(1)));
    }
  },

  'lets an administrator go while another one stays': async ({ stores: { users } }) => {
    for (const n of [1, 2, 3, 4]) await users.add(administrator(n));
    assert.equal((await users.changeAccess(userId(1), { admin: false })).ok, true);
    assert.equal((await users.changeAccess(userId(2), { disabled: true })).ok, true);
    assert.deepEqual(await users.remove(userId(3)), ok(undefined));
    assert.deepEqual(await users.remove(userId(4)), LAST_ADMINISTRATOR);
    assert.equal((await users.changeAccess(userId(2), { disabled: false })).ok, true);
    assert.deepEqual(await users.remove(userId(4)), ok(undefined));
  },

  'lets anyone else go where there is no administrator at all': async ({ stores: { users } }) => {
    await users.add(user(1));
    await users.add(user(2));
    await users.add(administrator(3, { disabled: true }));
    assert.equal((await users.changeAccess(userId(1), { disabled: true })).ok, true);
    assert.equal((await users.changeAccess(userId(3), { admin: false })).ok, true);
    for (const n of [1, 2, 3]) assert.deepEqual(await users.remove(userId(n)), ok(undefined));
  },

  'removes a user altogether and no other': async ({ stores: { users } }) => {
    for (const n of [1, 2, 3]) await users.add(user(n));
    assert.deepEqual(await users.remove(userId(2)), ok(undefined));
    assert.equal(await users.byId(userId(2)), undefined);
    assert.equal(await users.byLogin(user(2).loginKey), undefined);
    assert.deepEqual(await users.page({ number: 1, size: 10 }), { items: [user(1), user(3)], total: 2 });
    assert.deepEqual(await users.remove(userId(2)), NOT_FOUND);
    assert.deepEqual(await users.changeAccess(userId(2), { admin: true }), NOT_FOUND);
  },

  'frees the login of a removed user, in every spelling': async ({ stores: { users } }) => {
    await users.add(user(1, login('Jane@Example.com')));
    await users.remove(userId(1));
    const next = user(2, login('jane@example.com'));
    assert.deepEqual(await users.add(next), ok(undefined));
    assert.deepEqual(await users.byLogin(loginKey('JANE@example.com')), next);
    assert.equal(await users.byId(userId(1)), undefined);
  },

  'replaces a password hash only in the place of the expected one': async ({ stores: { users } }) => {
    await users.add(user(1));
    await users.add(user(2, { passwordHash: passwordHash(1) }));
    assert.equal(await users.replacePasswordHash(userId(1), passwordHash(7), passwordHash(8)), false);
    assert.deepEqual(await users.byId(userId(1)), user(1));
    assert.equal(await users.replacePasswordHash(userId(1), passwordHash(1), passwordHash(9)), true);
    assert.deepEqual(await users.byId(userId(1)), user(1, { passwordHash: passwordHash(9) }));
    assert.deepEqual(await users.byLogin(user(1).loginKey), user(1, { passwordHash: passwordHash(9) }));
    assert.deepEqual(await users.byId(userId(2)), user(2, { passwordHash: passwordHash(1) }));
    assert.equal(await users.replacePasswordHash(userId(1), passwordHash(1), passwordHash(2)), false);
  },
});
