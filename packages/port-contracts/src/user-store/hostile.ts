import assert from 'node:assert/strict';
import { foldCase, type Login, type LoginKey, type PasswordHash, type User, type UserId } from '@portcullis/domain';
import { cases } from '../contract-case.ts';
import { orRefused, quoted } from '../expect.ts';
import { hostileTexts, hostileValues } from '../hostile-text.ts';
import { administrator, passwordHash, user, userId } from '../samples.ts';
import type { UserStoreSubject } from './records.ts';

export const hostile = cases<UserStoreSubject>('hostile', {
  'keeps every login as it is or refuses it, and takes none for another': async ({ stores: { users } }) => {
    const accepted = new Map<string, User>();
    for (const [n, text] of hostileTexts().entries()) {
      const login = `${text}@example.com` as Login;
      const next = user(n, { login, loginKey: foldCase(login) as LoginKey });
      const holder = accepted.get(next.loginKey);
      assert.deepEqual(await orRefused(() => users.byLogin(next.loginKey)), holder, quoted(text));
      const added = await orRefused(() => users.add(next));
      if (added !== undefined) assert.equal(added.ok, holder === undefined, quoted(text));
      if (added?.ok) accepted.set(next.loginKey, next);
      else assert.equal(await users.byId(next.id), undefined, quoted(text));
    }
    for (const each of accepted.values()) {
      assert.deepEqual(await users.byLogin(each.loginKey), each, quoted(each.login));
      assert.deepEqual(await users.byId(each.id), each, quoted(each.login));
    }
    assert.equal((await users.page({ number: 1, size: 1 })).total, accepted.size);
  },

  'keeps every key of a login as it is or refuses it, and takes none for another': async ({ stores: { users } }) => {
    const accepted: User[] = [];
    for (const [n, text] of hostileTexts().entries()) {
      const next = user(n, { loginKey: text as LoginKey });
      assert.equal(await orRefused(() => users.byLogin(next.loginKey)), undefined, quoted(text));
      const added = await orRefused(() => users.add(next));
      if (added !== undefined) assert.equal(added.ok, true, quoted(text));
      if (added) accepted.push(next);
    }
    for (const each of accepted) assert.deepEqual(await users.byLogin(each.loginKey), each, quoted(each.loginKey));
  },

  'keeps every id as it is or refuses it, and takes none for another': async ({ stores: { users } }) => {
    const accepted: User[] = [];
    for (const [n, text] of hostileTexts().entries()) {
      const next = user(n, { id: text as UserId });
      assert.equal(await orRefused(() => users.byId(next.id)), undefined, quoted(text));
      const added = await orRefused(() => users.add(next));
      if (added?.ok) accepted.push(next);
      else assert.equal(await users.byLogin(next.loginKey), undefined, quoted(text));
    }
    for (const each of accepted) assert.deepEqual(await users.byId(each.id), each, quoted(each.id));
    assert.equal((await users.page({ number: 1, size: 1 })).total, accepted.length);
  },

  'keeps every password hash as it is or refuses it': async ({ stores: { users } }) => {
    for (const [n, text] of hostileTexts().entries()) {
      const next = user(n, { passwordHash: text as PasswordHash });
      const added = await orRefused(() => users.add(next));
      assert.deepEqual(await users.byId(next.id), added?.ok ? next : undefined, quoted(text));
    }
    const plain = user(1000);
    await users.add(plain);
    let current = plain.passwordHash;
    for (const text of hostileTexts()) {
      const next = text as PasswordHash;
      assert.notEqual(await orRefused(() => users.replacePasswordHash(plain.id, next, next)), true, quoted(text));
      if (await orRefused(() => users.replacePasswordHash(plain.id, current, next))) current = next;
      assert.equal((await users.byId(plain.id))?.passwordHash, current, quoted(text));
      if (await users.replacePasswordHash(plain.id, current, plain.passwordHash)) current = plain.passwordHash;
      assert.equal(current, plain.passwordHash, quoted(text));
    }
  },

  'finds and changes nobody by a value that is no text': async ({ stores: { users } }) => {
    const others = [administrator(1), administrator(2)];
    for (const each of others) await users.add(each);
    for (const value of hostileValues(userId(1))) {
      const id = value as UserId;
      assert.equal(await orRefused(() => users.byId(id)), undefined, quoted(value));
      for (const call of [() => users.changeAccess(id, { disabled: true }), () => users.remove(id)]) {
        const answer = await orRefused<{ readonly ok: boolean }>(call);
        assert.notEqual(answer?.ok, true, quoted(value));
      }
      const replaced = await orRefused(() => users.replacePasswordHash(id, passwordHash(1), passwordHash(9)));
      assert.notEqual(replaced, true, quoted(value));
    }
    for (const value of hostileValues(administrator(1).loginKey)) {
      assert.equal(await orRefused(() => users.byLogin(value as LoginKey)), undefined, quoted(value));
    }
    for (const value of hostileValues(passwordHash(1))) {
      const expected = value as PasswordHash;
      const replaced = await orRefused(() => users.replacePasswordHash(userId(1), expected, passwordHash(9)));
      assert.notEqual(replaced, true, quoted(value));
    }
    assert.deepEqual(await users.page({ number: 1, size: 10 }), { items: others, total: 2 });
  },
});
