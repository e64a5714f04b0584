import assert from 'node:assert/strict';
import {
  hashParametersOf,
  type LoginKey,
  ok,
  type PasswordHash,
  RECORDS_AT_ONCE,
  type Result,
  Unavailable,
  type User,
  type UserId,
} from '@portcullis/domain';
import { cases } from '../contract-case.ts';
import { orRefused, quoted } from '../expect.ts';
import { hostileTexts, hostileValues } from '../hostile-text.ts';
import { administrator, login, loginKey, NOON, passwordHash, user, userId } from '../samples.ts';
import { atOnce } from '../store-subject.ts';
import type { UserStoreSubject } from './records.ts';

const CALLERS = 20;

/** The credentials of the `n`-th of a series, in the spelling of a login that is given. */
const credentials = (n: number, text = `next-${n}@example.com`) => ({
  ...login(text),
  passwordHash: passwordHash(1000 + n),
});
const taken = (text: string) => ({ ok: false, error: { kind: 'login-taken', login: text } }) as const;

const contract = cases<UserStoreSubject>('contract', {
  'gives back names as they are given, and none for none': async ({ stores: { users } }) => {
    const added = [
      user(1, { firstName: 'Ada', lastName: null }),
      user(2, { firstName: '', lastName: 'Ünï.çødé 🔑' }),
      user(3, { firstName: null, lastName: null }),
    ];
    for (const each of added) {
      await users.add(each);
      assert.deepEqual(await users.byId(each.id), each);
    }
    assert.deepEqual(
      await users.changeAccess(userId(1), { disabled: true }),
      ok({ ...added[0], disabled: true, tokenEpoch: 1 }),
    );
  },

  'tells how the hashes in use are made, each way once, and none that is gone': async ({ stores: { users }, peer }) => {
    const of = (hash: string) => hash as PasswordHash;
    const hex = 'ab'.repeat(64);
    const salts = 'abcdefghijklmnopqrstuujydOTSfIH/d5oUHpsygqV5X9xJLQc6e';
    const inUse = async () => [...(await peer.users.hashParametersInUse())].sort();
    assert.deepEqual(await inUse(), []);
    const hashes = [
      ...['$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHQ$c29t+Q', '$argon2id$v=19$m=19456,t=2,p=1$b3RoZXI$b3/yIA'],
      ...['$argon2id$v=19$m=19456,t=3,p=1$c2FsdHNhbHQ$c29tZQ', '$argon2id$m=64,t=1,p=1$c2FsdHNhbHQ$c29tZQ'],
      ...[`$2b$12$${salts}`, `$2b$04$${salts}`, `$2y$12$${salts}`, `$2b$12$..${salts.slice(2)}`],
      ...[`pbkdf2:sha256:600000$SaltSaltSalt$${hex}`, `scrypt:32768:8:1$9altSaltSalt$${hex}`],
    ];
    for (const [n, hash] of hashes.entries()) await users.add(user(n, { passwordHash: of(hash) }));
    assert.deepEqual(await inUse(), [...new Set(hashes.map((hash) => hashParametersOf(of(hash))))].sort());
    const now = of('$argon2id$v=19$m=1024,t=1,p=1$c2FsdHNhbHQ$c29tZQ');
    for (const [n, hash] of hashes.entries()) {
      const { login, loginKey } = user(n);
      if (n % 3 === 0) await users.remove(userId(n));
      if (n % 3 === 1) await users.replacePasswordHash(userId(n), of(hash), now);
      if (n % 3 === 2) await users.replaceCredentials(userId(n), { login, loginKey, passwordHash: now });
    }
    assert.deepEqual(await inUse(), [hashParametersOf(now)]);
  },

  'goes by the key of a login alone, whatever the login is': async ({ stores: { users } }) => {
    const key = 'a key of its own' as LoginKey;
    await users.add(user(1, { loginKey: key }));
    assert.equal(await users.byLogin(user(1).loginKey), undefined);
    assert.deepEqual(await users.byLogin(key), user(1, { loginKey: key }));
    assert.deepEqual(await users.add(user(2, { login: user(1).login })), ok(undefined));
    assert.deepEqual(await users.add(user(3, { loginKey: key })), taken(user(3).login));
  },

  'tells that a login is taken, also where the id is in use as well': async ({ stores: { users } }) => {
    await users.add(user(1));
    await users.add(user(2));
    assert.deepEqual(await users.add(user(1, { passwordHash: passwordHash(9) })), taken(user(1).login));
    assert.deepEqual(await users.add(user(1, login(user(2).login))), taken(user(2).login));
    assert.deepEqual(await users.all(), [user(1), user(2)]);
  },

  'lists everyone in the order of pages': async ({ stores, peer }) => {
    assert.deepEqual(await stores.users.all(), []);
    for (const n of [3, 0, 4, 1, 2]) await stores.users.add(user(n, n > 2 ? { registeredAt: NOON } : {}));
    const { items } = await stores.users.page({ number: 1, size: 10 });
    assert.deepEqual(await peer.users.all(), items);
  },

  'lists more than a page, and more than a batch, of users': async ({ stores: { users } }) => {
    const many = Array.from({ length: RECORDS_AT_ONCE + 3 }, (_, n) => user(n));
    for (const each of many.toReversed()) await users.add(each);
    const told = new Set<UserId>();
    assert.deepEqual(await users.all(({ id }) => told.add(id)), many);
    const expected = many.map(({ id }) => id);
    assert.deepEqual(
      [...told].filter((id) => expected.includes(id)),
      expected,
    );
    await users.remove(userId(RECORDS_AT_ONCE - 1));
    assert.deepEqual(await users.all(), many.toSpliced(RECORDS_AT_ONCE - 1, 1));
  },

  'ends a list of users where its reader has no room for more': async ({ stores: { users } }) => {
    for (let n = 0; n < 5; n += 1) await users.add(user(n));
    const full = new Unavailable('room');
    const told = new Set<UserId>();
    const admit = ({ id }: User) => {
      told.add(id);
      if (id === userId(2)) throw full;
    };
    await assert.rejects(users.all(admit), (fault) => fault === full);
    for (let n = 0; n < 5; n += 1) assert.equal(told.has(userId(n)), n <= 2, `user ${n}`);
  },

  'replaces login and password hash, keeps the rest, and answers the user as it is then': async ({ stores, peer }) => {
    const before = administrator(1, { disabled: true, firstName: 'Ada', lastName: 'Lovelace' });
    await stores.users.add(before);
    await stores.users.add(user(2));
    const after = { ...before, ...credentials(1), tokenEpoch: 1 };
    assert.deepEqual(await stores.users.replaceCredentials(userId(1), credentials(1)), ok(after));
    for (const { users } of [stores, peer]) {
      assert.deepEqual(await users.byId(userId(1)), after);
      assert.deepEqual(await users.byLogin(after.loginKey), after);
      assert.equal(await users.byLogin(before.loginKey), undefined);
      assert.deepEqual(await users.all(), [after, user(2)]);
    }
  },

  'frees the login that was replaced, and no other': async ({ stores: { users } }) => {
    await users.add(user(1));
    await users.replaceCredentials(userId(1), credentials(1));
    assert.deepEqual(await users.add(user(2, login(user(1).login))), ok(undefined));
    assert.deepEqual(await users.add(user(3, login(credentials(1).login))), taken(credentials(1).login));
    assert.deepEqual(await users.remove(userId(1)), ok(undefined));
    assert.deepEqual(await users.add(user(3, login(credentials(1).login))), ok(undefined));
  },

  'lets a user keep their login, or spell it anew': async ({ stores: { users } }) => {
    await users.add(user(1, login('jane@example.com')));
    const spellings = ['jane@example.com', 'Jane@Example.com', 'JANE@example.com', 'jane@example.com'];
    for (const [n, text] of spellings.entries()) {
      const replaced = await users.replaceCredentials(userId(1), credentials(2, text));
      assert.deepEqual(replaced, ok(user(1, { ...credentials(2, text), tokenEpoch: n + 1 })));
      assert.equal((await users.byLogin(loginKey('jane@example.com')))?.login, text);
    }
  },

  'refuses a login of another user, in any spelling, and changes nothing': async ({ stores: { users } }) => {
    await users.add(user(1));
    await users.add(user(2, login('Jane@Example.com')));
    for (const text of ['Jane@Example.com', 'jane@example.com']) {
      assert.deepEqual(await users.replaceCredentials(userId(1), credentials(1, text)), taken(text));
    }
    assert.deepEqual(await users.all(), [user(1), user(2, login('Jane@Example.com'))]);
  },

  'finds nobody whose credentials it could replace': async ({ stores: { users } }) => {
    const notFound = { ok: false, error: { kind: 'user-not-found' } };
    await users.add(user(1));
    assert.deepEqual(await users.replaceCredentials(userId(2), credentials(2)), notFound);
    assert.deepEqual(await users.replaceCredentials(userId(2), credentials(2, user(1).login)), notFound);
    assert.deepEqual(await users.all(), [user(1)]);
    assert.equal(await users.byLogin(credentials(2).loginKey), undefined);
  },
});

const races = cases<UserStoreSubject>('races', {
  'gives one login to exactly one of many who replace theirs': async (subject) => {
    for (let n = 0; n < CALLERS; n += 1) await subject.stores.users.add(user(n));
    const wanted = 'jane@example.com';
    const results = await atOnce(subject, CALLERS, ({ users }, n) =>
      users.replaceCredentials(userId(n), credentials(n, wanted)),
    );
    const winner = results.findIndex((each) => each.ok);
    for (const [n, each] of results.entries()) {
      const told = n === winner ? ok(user(n, { ...credentials(n, wanted), tokenEpoch: 1 })) : taken(wanted);
      assert.deepEqual(each, told);
    }
    const expected = results.map((each, n) => (each.ok ? each.value : user(n)));
    assert.deepEqual(await subject.peer.users.all(), expected);
  },

  'gives one login to exactly one of those who add it and those who replace theirs': async (subject) => {
    for (let n = 0; n < CALLERS; n += 1) await subject.stores.users.add(user(n));
    const wanted = login('jane@example.com');
    const results = await atOnce<typeof subject.stores, Result<unknown, { readonly kind: string }>>(
      subject,
      CALLERS,
      ({ users }, n) =>
        n % 4 < 2
          ? users.add(user(100 + n, wanted))
          : users.replaceCredentials(userId(n), { ...credentials(n), ...wanted }),
    );
    const winners = results.flatMap((each, n) => (each.ok ? [n] : []));
    assert.equal(winners.length, 1);
    const holders = (await subject.stores.users.all()).filter((each) => each.loginKey === wanted.loginKey);
    assert.deepEqual(
      holders.map(({ id }) => id),
      winners.map((n) => userId(n % 4 < 2 ? 100 + n : n)),
    );
  },

  'leaves login and hash of one and the same caller': async (subject) => {
    await subject.stores.users.add(user(1));
    const results = await atOnce(subject, CALLERS, ({ users }, n) =>
      users.replaceCredentials(userId(1), credentials(n)),
    );
    assert.ok(results.every((each) => each.ok));
    const stored = await subject.peer.users.byId(userId(1));
    const n = Array.from({ length: CALLERS }, (_, index) => credentials(index).login).indexOf(stored?.login as never);
    assert.deepEqual(stored, user(1, { ...credentials(n), tokenEpoch: CALLERS }));
    const found = await Promise.all(
      Array.from({ length: CALLERS }, (_, index) => subject.stores.users.byLogin(credentials(index).loginKey)),
    );
    assert.deepEqual(found.filter(Boolean), [stored]);
  },

  'takes nothing from what is changed of the user meanwhile': async (subject) => {
    await subject.stores.users.add(administrator(0));
    for (let n = 1; n <= CALLERS; n += 1) await subject.stores.users.add(administrator(n));
    await Promise.all(
      Array.from({ length: CALLERS }, (_, index) => userId(index + 1)).flatMap((id, index) => [
        subject.stores.users.changeAccess(id, index % 2 === 0 ? { admin: false } : { disabled: true }),
        subject.peer.users.replaceCredentials(id, credentials(index)),
      ]),
    );
    const expected = Array.from({ length: CALLERS }, (_, index) => ({
      ...user(index + 1, index % 2 === 0 ? {} : { admin: true, disabled: true }),
      ...credentials(index),
      tokenEpoch: 2,
    }));
    assert.deepEqual(await subject.stores.users.all(), [administrator(0), ...expected]);
  },

  'replaces nothing of a user who is removed meanwhile': async (subject) => {
    for (let n = 0; n < CALLERS; n += 1) await subject.stores.users.add(user(n));
    await Promise.all(
      Array.from({ length: CALLERS }, (_, n) => userId(n)).flatMap((id, n) => [
        subject.stores.users.replaceCredentials(id, credentials(n)),
        subject.peer.users.remove(id),
      ]),
    );
    assert.deepEqual(await subject.stores.users.all(), []);
    for (let n = 0; n < CALLERS; n += 1) {
      assert.deepEqual(await subject.stores.users.add(user(n, login(credentials(n).login))), ok(undefined));
    }
  },
});

const hostile = cases<UserStoreSubject>('hostile', {
  'keeps every name and every login as it is or refuses it': async ({ stores: { users } }) => {
    for (const [n, text] of hostileTexts().entries()) {
      for (const fields of [{ firstName: text }, { lastName: text }, { login: text as User['login'] }]) {
        const next = user(n, fields);
        const added = await orRefused(() => users.add(next));
        assert.deepEqual(await users.byId(next.id), added?.ok ? next : undefined, quoted(text));
        await users.remove(next.id);
      }
    }
    for (const [n, value] of [undefined, 1, true, {}, ['a']].entries()) {
      for (const field of ['firstName', 'lastName', 'login', 'loginKey']) {
        const next = { ...user(1000 + n), [field]: value };
        const added = await orRefused(() => users.add(next));
        assert.deepEqual(await users.byId(next.id), added?.ok ? next : undefined, quoted(value));
        await users.remove(next.id);
      }
    }
  },

  'takes every key and hash as it is or refuses them both': async ({ stores: { users } }) => {
    await users.add(user(1));
    let current = user(1);
    const keys = new Set<string>();
    for (const text of hostileTexts()) {
      for (const fields of [
        { loginKey: text as LoginKey },
        { login: text as User['login'] },
        { passwordHash: text as PasswordHash },
      ]) {
        const next = { ...credentials(1), ...fields };
        const replaced = await orRefused(() => users.replaceCredentials(userId(1), next));
        if (replaced !== undefined) current = { ...current, ...next, tokenEpoch: current.tokenEpoch + 1 };
        if (replaced !== undefined) assert.deepEqual(replaced, ok(current), quoted(text));
        assert.deepEqual(await users.byId(userId(1)), current, quoted(text));
        assert.deepEqual(await users.byLogin(current.loginKey), current, quoted(text));
        keys.add(current.loginKey);
      }
    }
    for (const key of keys) {
      if (key !== current.loginKey) assert.equal(await users.byLogin(key as LoginKey), undefined, quoted(key));
    }
  },

  'replaces the credentials of nobody by a value that is no text': async ({ stores: { users } }) => {
    await users.add(user(1));
    for (const value of hostileValues(userId(1))) {
      const replaced = await orRefused(() => users.replaceCredentials(value as UserId, credentials(1)));
      assert.notEqual(replaced?.ok, true, quoted(value));
    }
    assert.deepEqual(await users.all(), [user(1)]);
  },

  'sets nothing that is no text, or sets it as it is': async ({ stores: { users } }) => {
    for (const value of hostileValues('a')) {
      for (const field of ['login', 'loginKey', 'passwordHash']) {
        await users.add(user(1));
        const next = { ...credentials(1), [field]: value };
        const replaced = await orRefused(() => users.replaceCredentials(userId(1), next));
        const expected = replaced?.ok ? { ...user(1), ...next, tokenEpoch: 1 } : user(1);
        assert.deepEqual(await users.byId(userId(1)), expected, quoted(value));
        await users.remove(userId(1));
      }
    }
  },
});

const restart = cases<UserStoreSubject>('restart', {
  'knows names and replaced credentials after a reopen': async ({ stores, close, reopen }) => {
    await stores.users.add(user(1, { firstName: 'Ada', lastName: '' }));
    await stores.users.replaceCredentials(userId(1), credentials(1));
    const before = await stores.users.all();
    await close();

    const { users } = await reopen();
    assert.deepEqual(before, [user(1, { firstName: 'Ada', lastName: '', ...credentials(1), tokenEpoch: 1 })]);
    assert.deepEqual(await users.all(), before);
    assert.deepEqual(await users.add(user(2, login(credentials(1).login))), taken(credentials(1).login));
    assert.deepEqual(await users.add(user(2, login(user(1).login))), ok(undefined));
  },
});

export const credentialSections = [contract, races, hostile, restart];
