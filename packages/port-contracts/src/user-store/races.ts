import assert from 'node:assert/strict';
import { isEnabledAdministrator, ok, type Result, type User, type UserStore } from '@portcullis/domain';
import { cases } from '../contract-case.ts';
import { administrator, login, passwordHash, user, userId } from '../samples.ts';
import { atOnce } from '../store-subject.ts';
import type { UserStoreSubject } from './records.ts';

const CALLERS = 20;

const everyone = async (users: UserStore): Promise<readonly User[]> =>
  (await users.page({ number: 1, size: 100 })).items;
const kinds = (results: readonly Result<unknown, { readonly kind: string }>[]): string[] =>
  results.map((each) => (each.ok ? 'ok' : each.error.kind)).sort();

export const races = cases<UserStoreSubject>('races', {
  'adds one login for exactly one of many callers': async (subject) => {
    const spelling = (n: number) => login(n % 3 === 0 ? 'Jane@Example.com' : 'jane@example.com');
    const results = await atOnce(subject, CALLERS, ({ users }, n) => users.add(user(n, spelling(n))));
    const winners = results.flatMap((each, n) => (each.ok ? [n] : []));
    assert.equal(winners.length, 1);
    for (const [n, each] of results.entries()) {
      if (!each.ok) assert.deepEqual(each.error, { kind: 'login-taken', login: spelling(n).login });
    }
    const [winner = -1] = winners;
    const { users } = subject.stores;
    assert.deepEqual(await everyone(users), [user(winner, spelling(winner))]);
  },

  'adds many logins at once, each for its caller': async (subject) => {
    const results = await atOnce(subject, CALLERS, ({ users }, n) => users.add(user(n)));
    assert.deepEqual(
      kinds(results),
      Array.from({ length: CALLERS }, () => 'ok'),
    );
    assert.deepEqual(
      await everyone(subject.stores.users),
      Array.from({ length: CALLERS }, (_, n) => user(n)),
    );
  },

  'keeps one of two administrators who demote each other': async (subject) => {
    for (let round = 0; round < 5; round += 1) {
      const pair = [userId(round * 2), userId(round * 2 + 1)] as const;
      const before = await everyone(subject.stores.users);
      for (const n of [round * 2, round * 2 + 1]) await subject.stores.users.add(administrator(n));
      for (const each of before) await subject.stores.users.remove(each.id);
      const results = await atOnce(subject, 2, ({ users }, n) =>
        users.changeAccess(n === 0 ? pair[0] : pair[1], { admin: false }),
      );
      assert.deepEqual(kinds(results), ['last-administrator', 'ok']);
      assert.equal((await everyone(subject.stores.users)).filter(isEnabledAdministrator).length, 1);
    }
  },

  'keeps one of many administrators who demote, disable and remove one another': async (subject) => {
    for (let n = 0; n < CALLERS; n += 1) await subject.stores.users.add(administrator(n));
    const results = await atOnce<typeof subject.stores, Result<unknown, { readonly kind: string }>>(
      subject,
      CALLERS,
      ({ users }, n) => {
        if (n % 3 === 0) return users.changeAccess(userId(n), { admin: false });
        return n % 3 === 1 ? users.changeAccess(userId(n), { disabled: true }) : users.remove(userId(n));
      },
    );
    assert.deepEqual(kinds(results), ['last-administrator', ...Array.from({ length: CALLERS - 1 }, () => 'ok')]);
    const left = (await everyone(subject.stores.users)).filter(isEnabledAdministrator);
    assert.deepEqual(
      left.map((each) => each.id),
      [userId(results.findIndex((each) => !each.ok))],
    );
  },

  'loses neither of two changes to different fields of one user': async (subject) => {
    await subject.stores.users.add(administrator(1));
    await subject.stores.users.add(user(2));
    await Promise.all([
      subject.stores.users.changeAccess(userId(2), { admin: true }),
      subject.peer.users.changeAccess(userId(2), { disabled: true }),
      subject.stores.users.replacePasswordHash(userId(2), passwordHash(2), passwordHash(9)),
    ]);
    assert.deepEqual(
      await subject.peer.users.byId(userId(2)),
      administrator(2, { disabled: true, passwordHash: passwordHash(9), tokenEpoch: 2 }),
    );
  },

  'removes a user for exactly one of many callers': async (subject) => {
    await subject.stores.users.add(user(1));
    const results = await atOnce(subject, CALLERS, ({ users }) => users.remove(userId(1)));
    assert.deepEqual(kinds(results), ['ok', ...Array.from({ length: CALLERS - 1 }, () => 'user-not-found')]);
  },

  'replaces a password hash for exactly one of many callers': async (subject) => {
    await subject.stores.users.add(user(1));
    const results = await atOnce(subject, CALLERS, ({ users }, n) =>
      users.replacePasswordHash(userId(1), passwordHash(1), passwordHash(100 + n)),
    );
    assert.equal(results.filter((won) => won).length, 1);
    assert.deepEqual(
      await subject.stores.users.byId(userId(1)),
      user(1, { passwordHash: passwordHash(100 + results.indexOf(true)) }),
    );
  },

  'frees a login for exactly one of those who wait for it': async (subject) => {
    await subject.stores.users.add(user(0, login('jane@example.com')));
    const [removed, ...added] = await atOnce<typeof subject.stores, Result<void, { readonly kind: string }>>(
      subject,
      CALLERS,
      ({ users }, n) => (n === 0 ? users.remove(userId(0)) : users.add(user(n, login('jane@example.com')))),
    );
    assert.deepEqual(removed, ok(undefined));
    const holders = (await everyone(subject.stores.users)).map((each) => each.id);
    assert.deepEqual(
      holders,
      added.flatMap((each, index) => (each.ok ? [userId(index + 1)] : [])),
    );
    assert.ok(holders.length <= 1);
  },

  'answers items and total of one moment while users come and go': async (subject) => {
    await atOnce(subject, CALLERS * 4, async ({ users }, n) => {
      if (n % 4 < 2) return users.add(user(n));
      if (n % 4 === 2) return users.remove(userId(n - 2));
      const { items, total } = await users.page({ number: 1, size: 100 });
      return assert.equal(items.length, total);
    });
  },
});
