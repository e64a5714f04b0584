import assert from 'node:assert/strict';
import { type LoginKey, ok, plusSeconds, type UserId } from '@portcullis/domain';
import { cases } from '../contract-case.ts';
import { orRefused, quoted } from '../expect.ts';
import { hostileTexts, hostileValues } from '../hostile-text.ts';
import { login, loginKey, NOON, passwordHash, user, userId } from '../samples.ts';
import { atOnce } from '../store-subject.ts';
import type { UserStoreSubject } from './records.ts';

const CALLERS = 20;
const LATER = plusSeconds(NOON, 60.007);

const verified = (n: number, at = LATER) => user(n, { verifiedAt: at });

const contract = cases<UserStoreSubject>('contract', {
  'gives back since when a login is verified': async ({ stores, peer }) => {
    for (const each of [verified(1), user(2)]) await stores.users.add(each);
    assert.deepEqual(await peer.users.all(), [verified(1), user(2)]);
  },

  'notes since when a login is verified, for the first time alone, and keeps the rest': async ({ stores, peer }) => {
    for (const n of [1, 2]) await stores.users.add(user(n, { admin: true }));
    assert.equal(await stores.users.verifyLogin(userId(1), user(1), LATER), true);
    assert.equal(await peer.users.verifyLogin(userId(1), user(1), plusSeconds(LATER, 9)), true);
    for (const { users } of [stores, peer]) {
      assert.deepEqual(await users.byId(userId(1)), { ...verified(1), admin: true });
      assert.deepEqual(await users.byLogin(user(1).loginKey), { ...verified(1), admin: true });
      assert.deepEqual(await users.byId(userId(2)), user(2, { admin: true }));
    }
  },

  'verifies no login that the user has not, and nobody': async ({ stores: { users } }) => {
    for (const n of [1, 2]) await users.add(user(n));
    assert.equal(await users.verifyLogin(userId(1), user(2), LATER), false);
    assert.equal(
      await users.verifyLogin(userId(1), { ...user(1), loginKey: loginKey('old@example.com') }, LATER),
      false,
    );
    assert.equal(await users.verifyLogin(userId(9), user(1), LATER), false);
    assert.deepEqual(await users.all(), [user(1), user(2)]);
  },

  'verifies nobody who is in another token epoch': async ({ stores, peer }) => {
    await stores.users.add(user(1));
    for (const [epoch, disabled] of [true, false].entries()) {
      await peer.users.changeAccess(userId(1), { disabled });
      assert.equal(await stores.users.verifyLogin(userId(1), user(1, { tokenEpoch: epoch }), LATER), false);
      assert.equal((await peer.users.byId(userId(1)))?.verifiedAt, null);
    }
    assert.equal(await stores.users.verifyLogin(userId(1), user(1, { tokenEpoch: 2 }), LATER), true);
    assert.deepEqual(await peer.users.byId(userId(1)), user(1, { tokenEpoch: 2, verifiedAt: LATER }));
  },

  'has another login verified no more, and the same one still': async ({ stores: { users } }) => {
    for (const n of [1, 2]) await users.add(verified(n));
    const other = { ...login('next@example.com'), passwordHash: passwordHash(9) };
    const renamed = user(1, { ...other, tokenEpoch: 1 });
    assert.deepEqual(await users.replaceCredentials(userId(1), other), ok(renamed));
    const same = { ...login('USER-2@example.com'), passwordHash: passwordHash(9) };
    const respelt = { ...verified(2), ...same, tokenEpoch: 1 };
    assert.deepEqual(await users.replaceCredentials(userId(2), same), ok(respelt));
    assert.deepEqual(await users.all(), [renamed, respelt]);
  },
});

const races = cases<UserStoreSubject>('races', {
  'verifies a login once, at the time of one of many': async (subject) => {
    await subject.stores.users.add(user(1));
    const times = Array.from({ length: CALLERS }, (_, n) => plusSeconds(NOON, n));
    const noted = await atOnce(subject, CALLERS, ({ users }, n) =>
      users.verifyLogin(userId(1), user(1), times[n] ?? NOON),
    );
    assert.deepEqual(new Set(noted), new Set([true]));
    const at = (await subject.peer.users.byId(userId(1)))?.verifiedAt;
    assert.ok(at && times.includes(at));
    assert.equal((await subject.stores.users.byId(userId(1)))?.verifiedAt, at);
  },

  'verifies nobody once the token epoch has moved': async (subject) => {
    for (let n = 0; n < CALLERS; n += 1) {
      await subject.stores.users.add(user(n));
      const verify = () => subject.peer.users.verifyLogin(userId(n), user(n), LATER);
      const disable = () => subject.stores.users.changeAccess(userId(n), { disabled: true });
      const both = n % 2 === 0 ? ([verify(), disable()] as const) : ([disable(), verify()] as const).toReversed();
      const [verified, told] = (await Promise.all(both)) as [boolean, Awaited<ReturnType<typeof disable>>];
      assert.ok(told.ok);
      assert.equal(told.value.verifiedAt !== null, verified);
      assert.deepEqual(await subject.peer.users.byId(userId(n)), told.value);
    }
  },

  'verifies no login that came in between': async (subject) => {
    for (let n = 0; n < CALLERS; n += 1) {
      const next = { ...login(`next-${n}@example.com`), passwordHash: passwordHash(n) };
      await subject.stores.users.add(user(n));
      const calls = [
        () => subject.stores.users.replaceCredentials(userId(n), next),
        () => subject.peer.users.verifyLogin(userId(n), user(n), LATER),
      ];
      await Promise.all((n % 2 === 0 ? calls : calls.toReversed()).map((call): Promise<unknown> => call()));
      assert.deepEqual(await subject.peer.users.byId(userId(n)), user(n, { ...next, tokenEpoch: 1 }));
    }
  },
});

const hostile = cases<UserStoreSubject>('hostile', {
  'verifies nobody by a value that is no text, and no login by another one': async ({ stores: { users } }) => {
    await users.add(user(1));
    for (const value of [...hostileTexts(), ...hostileValues(userId(1))]) {
      const call = () => users.verifyLogin(value as UserId, user(1), LATER);
      assert.notEqual(await orRefused(call), true, quoted(value));
    }
    for (const value of [...hostileTexts(), ...hostileValues(user(1).loginKey)]) {
      const call = () => users.verifyLogin(userId(1), { ...user(1), loginKey: value as LoginKey }, LATER);
      assert.notEqual(await orRefused(call), true, quoted(value));
    }
    for (const value of ['0', null, undefined, Number.NaN, 0.5, 1, -1, 2 ** 53, { $gte: 0 }, [0], true]) {
      const call = () => users.verifyLogin(userId(1), { ...user(1), tokenEpoch: value as number }, LATER);
      assert.notEqual(await orRefused(call), true, quoted(value));
    }
    assert.deepEqual(await users.byId(userId(1)), user(1));
  },

  'notes no time that is none': async ({ stores: { users } }) => {
    await users.add(user(1));
    for (const at of [Number.NaN, Infinity, 0.5, '2100-01-01', null, undefined, { $gt: 0 }, true]) {
      await orRefused(() => users.verifyLogin(userId(1), user(1), at as typeof NOON));
      const found = (await users.byId(userId(1)))?.verifiedAt;
      assert.ok(found === null || Object.is(found, at), quoted(at));
      if (found !== null) return;
    }
  },
});

const restart = cases<UserStoreSubject>('restart', {
  'knows what is verified after a reopen': async ({ stores, close, reopen }) => {
    for (const n of [1, 2]) await stores.users.add(user(n));
    await stores.users.verifyLogin(userId(1), user(1), LATER);
    await close();
    assert.deepEqual(await (await reopen()).users.all(), [verified(1), user(2)]);
  },
});

export const verificationSections = [contract, races, hostile, restart];
