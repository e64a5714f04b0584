import assert from 'node:assert/strict';
import { type LoginKey, ok, type UserId } from '@portcullis/domain';
import { cases } from '../contract-case.ts';
import { orRefused, quoted } from '../expect.ts';
import { hostileTexts, hostileValues } from '../hostile-text.ts';
import { loginKey, NOON, user, userId } from '../samples.ts';
import { atOnce } from '../store-subject.ts';
import type { UserStoreSubject } from './records.ts';

const CALLERS = 20;
const NEXT = loginKey('next@example.com');

const contract = cases<UserStoreSubject>('contract', {
  'replaces the key of a login, and nothing else': async ({ stores, peer }) => {
    const before = user(1, { admin: true, verifiedAt: NOON, firstName: 'Ada' });
    for (const each of [before, user(2)]) await stores.users.add(each);
    assert.equal(await stores.users.rekey(userId(1), before.loginKey, NEXT), true);
    const after = { ...before, loginKey: NEXT };
    for (const { users } of [stores, peer]) {
      assert.deepEqual(await users.all(), [after, user(2)]);
      assert.deepEqual(await users.byLogin(NEXT), after);
      assert.equal(await users.byLogin(before.loginKey), undefined);
    }
    assert.deepEqual(await stores.users.add(user(3, { loginKey: before.loginKey })), ok(undefined), 'free again');
  },

  'replaces no key by one that another user has, no other key, and none of nobody': async ({ stores: { users } }) => {
    for (const n of [1, 2]) await users.add(user(n));
    assert.equal(await users.rekey(userId(1), user(1).loginKey, user(2).loginKey), false);
    assert.equal(await users.rekey(userId(1), user(2).loginKey, NEXT), false);
    assert.equal(await users.rekey(userId(9), user(1).loginKey, NEXT), false);
    assert.equal(await users.rekey(userId(1), user(1).loginKey, user(1).loginKey), true);
    assert.deepEqual(await users.all(), [user(1), user(2)]);
  },
});

const races = cases<UserStoreSubject>('races', {
  'gives one key to exactly one of many users, and of those who add it': async (subject) => {
    for (let n = 0; n < CALLERS; n += 1) await subject.stores.users.add(user(n));
    const won = await atOnce(subject, CALLERS, async ({ users }, n) =>
      n % 4 < 2
        ? users.rekey(userId(n), user(n).loginKey, NEXT)
        : (await users.add(user(100 + n, { loginKey: NEXT }))).ok,
    );
    assert.equal(won.filter(Boolean).length, 1);
    const holders = (await subject.peer.users.all()).filter((each) => each.loginKey === NEXT);
    const winner = won.indexOf(true);
    assert.deepEqual(
      holders.map(({ id }) => id),
      [userId(winner % 4 < 2 ? winner : 100 + winner)],
    );
  },
});

const hostile = cases<UserStoreSubject>('hostile', {
  'replaces no key by a value that is no text, and of nobody by one': async ({ stores: { users } }) => {
    await users.add(user(1));
    for (const value of [...hostileTexts(), ...hostileValues(userId(1))]) {
      const call = () => users.rekey(value as UserId, user(1).loginKey, NEXT);
      assert.notEqual(await orRefused(call), true, quoted(value));
    }
    for (const value of [...hostileTexts(), ...hostileValues(user(1).loginKey)]) {
      const call = () => users.rekey(userId(1), value as LoginKey, NEXT);
      assert.notEqual(await orRefused(call), true, quoted(value));
    }
    assert.deepEqual(await users.byId(userId(1)), user(1));
  },
});

const restart = cases<UserStoreSubject>('restart', {
  'has the new key after a reopen': async ({ stores, close, reopen }) => {
    await stores.users.add(user(1));
    await stores.users.rekey(userId(1), user(1).loginKey, NEXT);
    await close();
    const { users } = await reopen();
    assert.deepEqual(await users.byLogin(NEXT), user(1, { loginKey: NEXT }));
    assert.equal(await users.byLogin(user(1).loginKey), undefined);
  },
});

export const rekeyingSections = [contract, races, hostile, restart];
