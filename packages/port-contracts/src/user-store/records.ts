import assert from 'node:assert/strict';
import { instant, ok, type User, type UserStore } from '@portcullis/domain';
import { cases } from '../contract-case.ts';
import { readThrough } from '../expect.ts';
import { administrator, login, loginKey, NOON, passwordHash, user, userId } from '../samples.ts';
import type { StoreSubject } from '../store-subject.ts';

export interface UserStores {
  readonly users: UserStore;
}
export type UserStoreSubject = StoreSubject<UserStores>;

const LONGEST_EMAIL = login(`${'l'.repeat(64)}@${'d'.repeat(185)}.com`);

/** Emails that differ for the domain, though a database's own rules of comparison may take them for one. */
const DISTINCT = [
  'e@example.com',
  'é@example.com',
  'ss@example.com',
  'ß@example.com',
  'ı@example.com',
  'i@example.com',
];

/** Each pair is one address to the domain: letter case beyond ASCII, both sigmas, accents composed and not. */
const SAME = [
  ['Jane.Doe@Example.COM', 'jane.doe@example.com'],
  ['JÜRGEN@EXAMPLE.COM', 'jürgen@example.com'],
  ['ΟΔΟΣ@example.com', 'οδος@example.com'],
  ['andre\u0301@example.com', 'andr\u00e9@example.com'],
  ['ДОМ@пример.рф', 'дом@пример.рф'],
] as const;

export const records = cases<UserStoreSubject>('contract', {
  'holds nothing at first': async ({ stores: { users } }) => {
    assert.equal(await users.byId(userId(1)), undefined);
    assert.equal(await users.byLogin(loginKey('user-1@example.com')), undefined);
    assert.deepEqual(await users.page({ number: 1, size: 10 }), { items: [], total: 0 });
  },

  'gives back every field as it was added': async ({ stores: { users } }) => {
    const added: readonly User[] = [
      user(1),
      administrator(2, { disabled: true }),
      user(3, LONGEST_EMAIL),
      user(4, login('Ünï.çødé+🔑@Exämple.ORG')),
      user(5, { registeredAt: instant(NOON + 7) }),
      user(6, { registeredAt: instant(-1) }),
      user(7, { registeredAt: instant(0) }),
      user(8, { registeredAt: instant(8_639_999_999_999_999) }),
    ];
    for (const each of added) assert.deepEqual(await users.add(each), ok(undefined));
    for (const each of added) {
      assert.deepEqual(await users.byId(each.id), each);
      assert.deepEqual(await users.byLogin(each.loginKey), each);
    }
    const { items } = await users.page({ number: 1, size: 10 });
    assert.deepEqual(new Set(items), new Set(added));
  },

  'shows the other node what was acknowledged': async ({ stores, peer }) => {
    await stores.users.add(administrator(1));
    await peer.users.add(administrator(2));
    assert.deepEqual(await peer.users.byId(userId(1)), administrator(1));
    assert.deepEqual(await stores.users.byLogin(administrator(2).loginKey), administrator(2));
    await stores.users.changeAccess(userId(2), { admin: false });
    assert.equal((await peer.users.byId(userId(2)))?.admin, false);
    await peer.users.remove(userId(2));
    assert.equal(await stores.users.byId(userId(2)), undefined);
  },

  'refuses a login that is taken, in any spelling of it, and keeps the first': async ({ stores: { users } }) => {
    for (const [index, [first, second]] of SAME.entries()) {
      const holder = user(index * 2 + 1, login(first));
      const late = user(index * 2 + 2, login(second));
      assert.deepEqual(await users.add(holder), ok(undefined));
      assert.deepEqual(await users.add(late), { ok: false, error: { kind: 'login-taken', login: second } });
      assert.deepEqual(await users.byLogin(late.loginKey), holder);
      assert.deepEqual(await users.byLogin(holder.loginKey), holder);
      assert.equal(await users.byId(late.id), undefined);
    }
    assert.equal((await users.page({ number: 1, size: 10 })).total, SAME.length);
  },

  'tells apart what the domain tells apart': async ({ stores: { users } }) => {
    for (const [index, text] of DISTINCT.entries()) {
      assert.deepEqual(await users.add(user(index, login(text))), ok(undefined), text);
    }
    for (const [index, text] of DISTINCT.entries()) {
      assert.equal((await users.byLogin(loginKey(text)))?.id, userId(index), text);
    }
  },

  'takes an id that is in use for a fault, not for a taken login': async ({ stores: { users } }) => {
    await users.add(user(1));
    await assert.rejects(users.add(user(1, login('other@example.com'))));
    assert.deepEqual(await users.byId(userId(1)), user(1));
    assert.equal(await users.byLogin(loginKey('other@example.com')), undefined);
    assert.equal((await users.page({ number: 1, size: 10 })).total, 1);
  },

  'pages in the order of registration, whatever the order of arrival': async ({ stores: { users } }) => {
    const times = [NOON + 10, 999, 1000, -5, NOON, 10_000, 0];
    for (const [index, time] of times.entries()) await users.add(user(index, { registeredAt: instant(time) }));
    const read = await readThrough((request) => users.page(request), 3);
    assert.deepEqual(
      read.map((each) => each.registeredAt),
      times.toSorted((a, b) => a - b),
    );
  },

  'pages ties in one order, each user once': async ({ stores, peer }) => {
    for (let n = 0; n < 25; n += 1) await stores.users.add(user((n * 7) % 25, { registeredAt: NOON }));
    const byTen = await readThrough((request) => stores.users.page(request), 10);
    assert.equal(new Set(byTen.map((each) => each.id)).size, 25);
    assert.deepEqual(await readThrough((request) => peer.users.page(request), 5), byTen);
    assert.deepEqual(await readThrough((request) => stores.users.page(request), 25), byTen);
  },

  'keeps the order of ties, whatever is changed of them': async ({ stores, peer }) => {
    for (const n of [2, 0, 4, 1, 3]) await stores.users.add(user(n, { registeredAt: NOON }));
    const ids = async (users: UserStore) => (await users.page({ number: 1, size: 10 })).items.map(({ id }) => id);
    const before = await ids(stores.users);
    for (const n of [0, 2, 4]) {
      await stores.users.changeAccess(userId(n), { disabled: true });
      await peer.users.replaceCredentials(userId(n), {
        ...login(`next-${n}@example.com`),
        passwordHash: passwordHash(9),
      });
      for (const { users } of [stores, peer]) {
        assert.deepEqual(await ids(users), before);
        assert.deepEqual(
          (await users.all()).map(({ id }) => id),
          before,
        );
      }
    }
  },

  'answers a page far beyond the end with no items and the total': async ({ stores: { users } }) => {
    await users.add(user(1));
    for (const number of [2, 1_000_000, 9_007_199_254_740]) {
      assert.deepEqual(await users.page({ number, size: 100 }), { items: [], total: 1 });
    }
  },

  'finds those whose login begins so, by pages, in the order of logins': async ({ stores, peer }) => {
    const logins = [
      'b@x.com',
      'ab@x.com',
      'AA@x.com',
      'a@x.com',
      'aé@x.com',
      'a\u{1F511}@x.com',
      'ac@x.com',
      'c@x.com',
    ];
    for (const [n, text] of logins.entries()) await stores.users.add(user(n, login(text)));
    const found = await readThrough((request) => peer.users.search('a', request), 2);
    assert.deepEqual(
      found.map((each) => each.login),
      ['a@x.com', 'AA@x.com', 'ab@x.com', 'ac@x.com', 'aé@x.com', 'a\u{1F511}@x.com'],
    );
    assert.deepEqual(found[1], user(2, login('AA@x.com')));
    assert.deepEqual(await stores.users.search('ab', { number: 1, size: 5 }), {
      items: [user(1, login('ab@x.com'))],
      total: 1,
    });
    assert.equal((await stores.users.search('', { number: 1, size: 5 })).total, logins.length);
    for (const nothing of ['d', 'A', 'aaa', '%', 'a%', '.', '_', '^a', 'a\u{10FFFF}']) {
      assert.deepEqual(await stores.users.search(nothing, { number: 1, size: 5 }), { items: [], total: 0 }, nothing);
    }
  },
});
