import assert from 'node:assert/strict';
import { ok, type User, type UserStore } from '@portcullis/domain';
import { cases } from '../contract-case.ts';
import { orRefused, quoted } from '../expect.ts';
import { administrator, login, NOON, passwordHash, user, userId } from '../samples.ts';
import { atOnce } from '../store-subject.ts';
import type { UserStoreSubject } from './records.ts';

const CALLERS = 20;

const credentials = (n: number, text = `next-${n}@example.com`) => ({
  ...login(text),
  passwordHash: passwordHash(1000 + n),
});

/** Each on its own moves the epoch of user 1, whoever they are, once. */
const MOVING: Readonly<Record<string, (users: UserStore) => Promise<unknown>>> = {
  'another role': (users) => users.changeAccess(userId(1), { admin: true }),
  'the role of before': (users) => users.changeAccess(userId(1), { admin: false }),
  'being disabled': (users) => users.changeAccess(userId(1), { disabled: true }),
  'being enabled': (users) => users.changeAccess(userId(1), { disabled: false }),
  'role and state at once': (users) => users.changeAccess(userId(1), { admin: true, disabled: true }),
  'role and state of before at once': (users) => users.changeAccess(userId(1), { admin: false, disabled: false }),
  'another login and password': (users) => users.replaceCredentials(userId(1), credentials(1)),
  'another password': (users) => users.replaceCredentials(userId(1), { ...credentials(1), ...credentials(2) }),
  'the same credentials': (users) => users.replaceCredentials(userId(1), credentials(2)),
  'a promotion to be undone': (users) => users.changeAccess(userId(1), { admin: true }),
  'the demotion of an administrator': (users) => users.changeAccess(userId(1), { admin: false }),
  'another promotion': (users) => users.changeAccess(userId(1), { admin: true }),
  'disabling an administrator': (users) => users.changeAccess(userId(1), { disabled: true }),
};

/** What user 1 shows to every reader. */
async function epochs(users: UserStore): Promise<readonly (number | undefined)[]> {
  const found = await users.byId(userId(1));
  if (!found) return [];
  const listed = [
    await users.byLogin(found.loginKey),
    ...[await users.all(), (await users.page({ number: 1, size: 5 })).items].map(([, second]) => second),
    ...(await users.search(found.loginKey, { number: 1, size: 1 })).items,
  ];
  return [found, ...listed].map((each) => each?.tokenEpoch);
}
const five = (epoch: number): readonly number[] => Array.from({ length: 5 }, () => epoch);

const contract = cases<UserStoreSubject>('contract', {
  'moves the token epoch by one with each change of role, state and credentials': async ({ stores, peer }) => {
    await stores.users.add(administrator(0));
    await stores.users.add(user(1));
    for (const [n, [what, change]] of Object.entries(MOVING).entries()) {
      const told = (await change(n % 2 === 0 ? stores.users : peer.users)) as Awaited<
        ReturnType<UserStore['changeAccess']>
      >;
      assert.equal(told.ok && told.value.tokenEpoch, n + 1, what);
      for (const { users } of [stores, peer]) assert.deepEqual(await epochs(users), five(n + 1), what);
      assert.equal((await peer.users.byId(userId(0)))?.tokenEpoch, 0, what);
    }
  },

  'keeps the token epoch where nothing of it is changed': async ({ stores: { users } }) => {
    for (const each of [administrator(0), user(1, { tokenEpoch: 7 }), user(2)]) await users.add(each);
    const changes: Readonly<Record<string, () => Promise<unknown>>> = {
      nothing: () => users.changeAccess(userId(1), {}),
      'the role that it is': () => users.changeAccess(userId(1), { admin: false }),
      'the state that it is': () => users.changeAccess(userId(1), { disabled: false }),
      both: () => users.changeAccess(userId(1), { admin: false, disabled: false }),
      'a hash for the same password': () => users.replacePasswordHash(userId(1), passwordHash(1), passwordHash(9)),
      'a hash that is not there': () => users.replacePasswordHash(userId(1), passwordHash(5), passwordHash(6)),
      'a verification': () => users.verifyLogin(userId(1), user(1, { tokenEpoch: 7 }), NOON),
      'a login that is taken': () => users.replaceCredentials(userId(1), credentials(1, user(2).login)),
      'the last administrator': () => users.changeAccess(userId(0), { admin: false }),
      'a user who is added again': () => users.add(user(1)),
    };
    for (const [what, change] of Object.entries(changes)) {
      await change();
      assert.deepEqual(await epochs(users), five(7), what);
      assert.equal((await users.byId(userId(0)))?.tokenEpoch, 0, what);
    }
  },

  'gives back every token epoch as it was added': async ({ stores, peer }) => {
    for (const [n, tokenEpoch] of [0, 1, 2 ** 31, 2 ** 40, Number.MAX_SAFE_INTEGER - 1].entries()) {
      const added = user(n, { tokenEpoch });
      assert.deepEqual(await stores.users.add(added), ok(undefined));
      assert.deepEqual(await peer.users.byId(added.id), added);
      const changed = await peer.users.changeAccess(added.id, { disabled: true });
      assert.deepEqual(changed, ok({ ...added, disabled: true, tokenEpoch: tokenEpoch + 1 }));
    }
  },
});

const races = cases<UserStoreSubject>('races', {
  'shows no change of state without its token epoch': async (subject) => {
    await subject.stores.users.add(user(1));
    // The user begins as enabled, in epoch 0: each step of the epoch turns the state over.
    const seen = await atOnce(subject, CALLERS * 4, async ({ users }, n): Promise<User | undefined> => {
      if (n % 2 === 0) return users.byId(userId(1));
      const told = await users.changeAccess(userId(1), { disabled: n % 4 === 1 });
      return told.ok ? told.value : undefined;
    });
    for (const each of [...seen, await subject.peer.users.byId(userId(1))]) {
      assert.ok(each);
      assert.equal(each.disabled, each.tokenEpoch % 2 === 1, `disabled is ${each.disabled} in ${each.tokenEpoch}`);
    }
  },

  'shows no new credentials without a token epoch of their own': async (subject) => {
    await subject.stores.users.add(user(1));
    const seen = await atOnce(subject, CALLERS * 2, async ({ users }, n): Promise<User | undefined> => {
      if (n % 2 === 0) return users.byId(userId(1));
      const told = await users.replaceCredentials(userId(1), credentials(n));
      return told.ok ? told.value : undefined;
    });
    const hashes = new Map([[0, passwordHash(1)]]);
    for (const each of [...seen.filter((_, n) => n % 2 === 1), ...seen]) {
      assert.ok(each);
      if (!hashes.has(each.tokenEpoch)) hashes.set(each.tokenEpoch, each.passwordHash);
      assert.equal(each.passwordHash, hashes.get(each.tokenEpoch), `in epoch ${each.tokenEpoch}`);
    }
    assert.deepEqual(
      [...hashes.keys()].sort((one, other) => one - other),
      Array.from({ length: CALLERS + 1 }, (_, n) => n),
    );
  },

  'moves the token epoch of each administrator who is demoted or disabled at once': async (subject) => {
    for (let n = 0; n <= CALLERS; n += 1) await subject.stores.users.add(administrator(n));
    await atOnce(subject, CALLERS, ({ users }, n) =>
      users.changeAccess(userId(n + 1), n % 2 === 0 ? { admin: false } : { disabled: true }),
    );
    const epochsNow = (await subject.peer.users.all()).map(({ tokenEpoch }) => tokenEpoch);
    assert.deepEqual(epochsNow, [0, ...Array.from({ length: CALLERS }, () => 1)]);
  },
});

const hostile = cases<UserStoreSubject>('hostile', {
  'takes no token epoch that is none, or takes it as it is': async ({ stores: { users } }) => {
    const values = [Number.NaN, Infinity, 0.5, -0, 2 ** 53, '1', null, undefined, {}, [], true, { $gt: 0 }];
    for (const [n, value] of values.entries()) {
      const next = user(n, { tokenEpoch: value as number });
      const added = await orRefused(() => users.add(next));
      assert.deepEqual(await users.byId(next.id), added?.ok ? next : undefined, quoted(value));
    }
  },
});

const restart = cases<UserStoreSubject>('restart', {
  'knows every token epoch after a reopen': async ({ stores, close, reopen }) => {
    for (const each of [administrator(0), user(1), administrator(2), user(3)]) await stores.users.add(each);
    await stores.users.changeAccess(userId(1), { disabled: true });
    await stores.users.changeAccess(userId(1), { disabled: false });
    await stores.users.changeAccess(userId(2), { admin: false });
    await stores.users.replaceCredentials(userId(3), credentials(3));
    await close();
    const found = await (await reopen()).users.all();
    assert.deepEqual(
      found.map(({ tokenEpoch }) => tokenEpoch),
      [0, 2, 1, 1],
    );
  },
});

export const tokenEpochSections = [contract, races, hostile, restart];
