import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  type AddUserCommand,
  addUser,
  type Counters,
  countedUserIds,
  seedOnce,
  seedUsers,
  Unavailable,
  type UserStore,
  userNameLogins,
} from '@portcullis/domain';
import { counters, movableClock, NOON, recordingHasher, userStore } from './support/ports.ts';
import { newPassword, right } from './support/samples.ts';

/** Fails on the `n`-th call and every one after it. */
function failingFrom<A extends readonly unknown[], T>(n: number, call: (...args: A) => Promise<T>) {
  let calls = 0;
  return async (...args: A): Promise<T> => {
    calls += 1;
    if (calls >= n) throw new Unavailable('store');
    return call(...args);
  };
}

describe('adding once', () => {
  const ENTRIES = ['a', 'b', 'c'];

  function shelf() {
    const entries = new Map<number, string>();
    const add = async (entry: string, number: number) => entries.has(number) || entries.set(number, entry);
    return { entries, add };
  }

  it('numbers the entries from 1 on, and what comes later goes on from there', async () => {
    const { entries, add } = shelf();
    const deps = { counters: counters(), name: 'letters' };
    await seedOnce(deps, ENTRIES, add);
    assert.deepEqual(
      [...entries],
      [
        [1, 'a'],
        [2, 'b'],
        [3, 'c'],
      ],
    );
    assert.equal(await deps.counters.next('letters'), 4);
  });

  it('adds nothing a second time, though all was removed since', async () => {
    const { entries, add } = shelf();
    const deps = { counters: counters(), name: 'letters' };
    await seedOnce(deps, ENTRIES, add);
    entries.clear();
    await seedOnce(deps, [...ENTRIES, 'd'], add);
    assert.deepEqual([...entries], []);
    assert.equal(await deps.counters.last('letters'), 3);
  });

  it('adds nothing where numbers were given out before', async () => {
    const { entries, add } = shelf();
    const deps = { counters: counters(), name: 'letters' };
    await deps.counters.next('letters');
    await seedOnce(deps, ENTRIES, add);
    assert.deepEqual([...entries], []);
    assert.equal(await deps.counters.last('letters'), 1);
  });

  it('is ended by the next one where it was broken off, at whatever point', async () => {
    for (const failing of [1, 2, 3, 4]) {
      const { entries, add } = shelf();
      const sound = counters();
      const broken: Counters = failing === 4 ? { ...sound, advance: failingFrom(1, sound.advance) } : sound;
      await assert.rejects(seedOnce({ counters: broken, name: 'letters' }, ENTRIES, failingFrom(failing, add)));
      assert.equal(await sound.last('letters'), 0);
      await seedOnce({ counters: sound, name: 'letters' }, ENTRIES, add);
      assert.deepEqual([...entries.values()], ENTRIES);
      assert.equal(await sound.next('letters'), 4);
    }
  });

  it('adds each entry once where several do it at the same time', async () => {
    const { entries, add } = shelf();
    const deps = { counters: counters(), name: 'letters' };
    await Promise.all([seedOnce(deps, ENTRIES, add), seedOnce(deps, ENTRIES, add)]);
    assert.deepEqual([...entries.values()], ENTRIES);
    assert.equal(await deps.counters.next('letters'), 4);
  });

  it('keeps each name to itself', async () => {
    const deps = { counters: counters(), name: 'letters' };
    await seedOnce(deps, ENTRIES, shelf().add);
    assert.equal(await deps.counters.next('digits'), 1);
  });
});

describe('counted users', () => {
  const logins = userNameLogins({ minimumLength: 2, maximumLength: 80, letterCase: 'distinct', colons: true });
  const command = (name: string): AddUserCommand => ({
    login: right(logins.parse(name)),
    password: newPassword(name),
    admin: false,
  });
  const FIRST = [command('user'), command('guest')];

  function world(users: UserStore = userStore()) {
    const deps = { users, logins, hasher: recordingHasher(), clock: movableClock(NOON).clock, counters: counters() };
    return { ...deps, addFirst: seedUsers(deps), add: addUser({ ...deps, newUserId: countedUserIds(deps) }) };
  }
  const idsAndLogins = async (users: UserStore) => (await users.all()).map(({ id, login }) => [id, login]);

  it('have the numbers 1, 2, 3 as text, and none of them again', async () => {
    const { add, users } = world();
    for (const name of ['ada', 'bob', 'cyd']) right(await add(command(name)));
    const [, bob] = await users.all();
    right(await users.remove(bob?.id ?? assert.fail()));
    right(await add(command('dan')));
    assert.deepEqual(await idsAndLogins(users), [
      ['1', 'ada'],
      ['3', 'cyd'],
      ['4', 'dan'],
    ]);
  });

  it('begin with those that a service begins with', async () => {
    const { addFirst, add, users } = world();
    await addFirst(FIRST);
    await addFirst(FIRST);
    right(await add(command('ada')));
    assert.deepEqual(await idsAndLogins(users), [
      ['1', 'user'],
      ['2', 'guest'],
      ['3', 'ada'],
    ]);
  });

  it('begin with the rest where that was broken off', async () => {
    const { users, addFirst, counters, ...deps } = world();
    const broken = { ...users, add: failingFrom(2, users.add) };
    await assert.rejects(seedUsers({ ...deps, users: broken, counters })(FIRST), Unavailable);
    assert.deepEqual(await idsAndLogins(users), [['1', 'user']]);
    await addFirst(FIRST);
    assert.deepEqual(await idsAndLogins(users), [
      ['1', 'user'],
      ['2', 'guest'],
    ]);
  });
});
