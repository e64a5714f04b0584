import assert from 'node:assert/strict';
import { type AccessChange, ok, type Result, type User, type UserState, type UserStore } from '@portcullis/domain';
import { cases } from '../contract-case.ts';
import { orRefused, quoted } from '../expect.ts';
import { administrator, login, NOON, passwordHash, user, userId } from '../samples.ts';
import { atOnce } from '../store-subject.ts';
import type { UserStoreSubject } from './records.ts';

const CALLERS = 20;
const ROUNDS = 5;
const STEPS = 8;

const CHANGED = { ok: false, error: { kind: 'changed' } } as const;
const NOT_FOUND = { ok: false, error: { kind: 'user-not-found' } } as const;
const LAST_ADMINISTRATOR = { ok: false, error: { kind: 'last-administrator' } } as const;

const credentials = (n: number) => ({ ...login(`next-${n}@example.com`), passwordHash: passwordHash(1000 + n) });

/** Each gives user 1, who is one of two enabled administrators at first, another state. */
const CHANGES: Readonly<Record<string, (users: UserStore, now: User) => Promise<unknown>>> = {
  'a verification': (users, now) => users.verifyLogin(now.id, now, NOON),
  'another login and password': (users, { id }) => users.replaceCredentials(id, credentials(1)),
  'another password': (users, { id }) => users.replaceCredentials(id, { ...credentials(1), ...credentials(2) }),
  'a demotion': (users, { id }) => users.changeAccess(id, { admin: false }),
  'a promotion': (users, { id }) => users.changeAccess(id, { admin: true }),
  'being disabled': (users, { id }) => users.changeAccess(id, { disabled: true }),
  'being enabled': (users, { id }) => users.changeAccess(id, { disabled: false }),
};

const WISHES: readonly AccessChange[] = [
  {},
  { admin: false },
  { admin: true },
  { disabled: true },
  { disabled: false },
  { admin: false, disabled: true },
];

async function found(users: UserStore, n: number): Promise<User> {
  const each = await users.byId(userId(n));
  assert.ok(each);
  return each;
}

const contract = cases<UserStoreSubject>('contract', {
  'changes and removes nobody who is in another state than was seen': async ({ stores, peer }) => {
    await stores.users.add(administrator(0));
    await stores.users.add(administrator(1));
    const seen: UserState[] = [];
    for (const [what, change] of Object.entries(CHANGES)) {
      seen.push(await found(peer.users, 1));
      await change(stores.users, await found(stores.users, 1));
      const now = await found(peer.users, 1);
      for (const state of seen) {
        for (const wish of WISHES) assert.deepEqual(await peer.users.changeAccess(now.id, wish, state), CHANGED, what);
        assert.deepEqual(await peer.users.remove(now.id, state), CHANGED, what);
        assert.deepEqual(await found(stores.users, 1), now, what);
      }
    }
  },

  'changes a user who is in the state that was seen, and tells the next one': async ({ stores, peer }) => {
    await stores.users.add(administrator(0));
    for (const added of [user(1), administrator(2), user(3, { verifiedAt: NOON, tokenEpoch: 7 })]) {
      await stores.users.add(added);
      let expected: User = added;
      for (const wish of [...WISHES, ...WISHES]) {
        const moved = Object.entries(wish).some(([field, value]) => expected[field as keyof AccessChange] !== value);
        const next = { ...expected, ...wish, tokenEpoch: expected.tokenEpoch + Number(moved) };
        assert.deepEqual(await peer.users.changeAccess(added.id, wish, expected), ok(next));
        assert.deepEqual(await stores.users.byId(added.id), next);
        expected = next;
      }
      assert.deepEqual(await peer.users.remove(added.id, expected), ok(undefined));
      assert.equal(await stores.users.byId(added.id), undefined);
    }
  },

  'removes an administrator who is in the state that was seen': async ({ stores: { users } }) => {
    for (const n of [0, 1]) await users.add(administrator(n));
    assert.deepEqual(await users.remove(userId(1), administrator(1)), ok(undefined));
    assert.deepEqual(await users.all(), [administrator(0)]);
  },

  'judges who is there, then the state, then who stays': async ({ stores: { users } }) => {
    await users.add(administrator(1));
    const [seen, other]: readonly UserState[] = [administrator(1), administrator(1, { tokenEpoch: 1 })];
    for (const wish of [{ admin: false }, { disabled: true }]) {
      assert.deepEqual(await users.changeAccess(userId(2), wish, seen), NOT_FOUND);
      assert.deepEqual(await users.changeAccess(userId(1), wish, other), CHANGED);
      assert.deepEqual(await users.changeAccess(userId(1), wish, seen), LAST_ADMINISTRATOR);
    }
    assert.deepEqual(await users.changeAccess(userId(2), { admin: true }, seen), NOT_FOUND);
    assert.deepEqual(await users.remove(userId(2), seen), NOT_FOUND);
    assert.deepEqual(await users.remove(userId(1), other), CHANGED);
    assert.deepEqual(await users.remove(userId(1), seen), LAST_ADMINISTRATOR);
    assert.deepEqual(await users.byId(userId(1)), administrator(1));
  },
});

type Told = Result<unknown, { readonly kind: string }>;

const races = cases<UserStoreSubject>('races', {
  'changes or removes a user for exactly one of many who saw the same state': async (subject) => {
    await subject.stores.users.add(administrator(0));
    for (const [round, added] of [user(1), administrator(2), user(3), administrator(4)].entries()) {
      await subject.stores.users.add(added);
      const wishes = added.admin ? [{ admin: false }, { disabled: true }] : [{ admin: true }, { disabled: true }];
      const told = await atOnce<typeof subject.stores, Told>(subject, CALLERS, ({ users }, n) =>
        round > 1 && n % 3 === 2
          ? users.remove(added.id, added)
          : users.changeAccess(added.id, wishes[n % 3] ?? { disabled: true }, added),
      );
      const done = told.filter((each) => each.ok);
      assert.equal(done.length, 1, `${done.length} of ${CALLERS} were done`);
      const [first] = done;
      const left = await subject.peer.users.byId(added.id);
      assert.deepEqual(left, first?.ok ? first.value : assert.fail());
      for (const each of told) {
        if (!each.ok)
          assert.equal(each.error.kind, left || each.error.kind === 'changed' ? 'changed' : 'user-not-found');
      }
    }
  },

  'changes nobody who got another state in between': async (subject) => {
    await subject.stores.users.add(administrator(0));
    for (let round = 1; round <= ROUNDS; round += 1) {
      const added = administrator(round);
      await subject.stores.users.add(added);
      const [demoted] = await atOnce<typeof subject.stores, Told>(subject, STEPS, async ({ users }, n) => {
        if (n === 0) return users.changeAccess(added.id, { admin: false }, added);
        // One after the other, so that some arrive in the midst of the change, however many steps it takes.
        for (let step = 1; step < n; step += 1) await users.byId(userId(0));
        return users.replaceCredentials(added.id, credentials(round * STEPS + n));
      });
      const expected = { ...added, admin: false, tokenEpoch: added.tokenEpoch + 1 };
      assert.deepEqual(demoted, demoted?.ok ? ok(expected) : CHANGED);
      assert.equal((await found(subject.peer.users, round)).admin, !demoted?.ok);
    }
  },
});

const hostile = cases<UserStoreSubject>('hostile', {
  'takes nothing for the state that was seen but the state': async ({ stores: { users } }) => {
    for (const n of [0, 1]) await users.add(administrator(n));
    const epochs = [Number.NaN, Infinity, 0.5, '0', null, undefined, {}, [], false, { $gte: 0 }, { $ne: 1 }];
    const times = [Number.NaN, 0, '', undefined, {}, [], false, new Date(0), { $ne: 1 }, { $exists: true }];
    const states = [
      ...epochs.map((tokenEpoch) => ({ tokenEpoch, verifiedAt: null })),
      ...times.map((verifiedAt) => ({ tokenEpoch: 0, verifiedAt })),
      ...[{}, [], 'x', { $ne: null }],
    ];
    for (const value of states) {
      const state = value as UserState;
      const calls: readonly (() => Promise<Told>)[] = [
        ...WISHES.map((wish) => () => users.changeAccess(userId(1), wish, state)),
        () => users.remove(userId(1), state),
      ];
      for (const call of calls) assert.notEqual((await orRefused(call))?.ok, true, quoted(value));
      assert.deepEqual(await users.byId(userId(1)), administrator(1), quoted(value));
    }
  },
});

export const seenStateSections = [contract, races, hostile];
