import assert from 'node:assert/strict';
import {
  hashParametersOf,
  ok,
  type PasswordHash,
  plusSeconds,
  SESSIONS_PER_USER,
  type SessionStore,
  type UserStore,
} from '@portcullis/domain';
import { cases } from '../contract-case.ts';
import {
  administrator,
  NOON,
  passwordHash,
  REFRESH_SECONDS,
  rotation,
  session,
  sessionId,
  tokenHash,
  user,
  userId,
} from '../samples.ts';
import type { StoreSubject } from '../store-subject.ts';

export interface SessionStores {
  readonly sessions: SessionStore;
  readonly users: UserStore;
}
export type SessionStoreSubject = StoreSubject<SessionStores>;

/** Adds users 0 (an administrator), 1 and 2, and begins these sessions of user 1. */
export async function begun({ users, sessions }: SessionStores, ...numbers: readonly number[]): Promise<void> {
  await users.add(administrator(0));
  for (const n of [1, 2]) await users.add(user(n));
  for (const n of numbers) assert.equal(await sessions.begin(session(n), tokenHash(n), passwordHash(1)), true);
}

export const records = cases<SessionStoreSubject>('contract', {
  'holds nothing at first': async ({ stores: { users, sessions } }) => {
    assert.deepEqual(await sessions.find(userId(1), sessionId(1)), { user: undefined, live: false });
    await users.add(user(1));
    assert.deepEqual(await sessions.find(userId(1), sessionId(1)), { user: user(1), live: false });
    assert.deepEqual(await sessions.ofUser(userId(1)), []);
    assert.equal(await sessions.record(userId(1), sessionId(1)), undefined);
    assert.equal(await sessions.end(userId(1), sessionId(1)), false);
    assert.equal(await sessions.endAll(userId(1)), 0);
    assert.equal(await sessions.endAll(userId(9)), 0);
  },

  'counts another password among the hashes in use': async ({ stores: { users, sessions } }) => {
    await users.add(user(1));
    const next = '$2b$12$abcdefghijklmnopqrstuujydOTSfIH/d5oUHpsygqV5X9xJLQc6e' as PasswordHash;
    assert.equal(await sessions.replacePassword(userId(1), passwordHash(1), next), true);
    assert.deepEqual(await users.hashParametersInUse(), [hashParametersOf(next)]);
  },

  'gives back every field as it was begun, to every node': async ({ stores, peer }) => {
    await begun(stores);
    const all = [
      session(1, { userAgent: null }),
      session(2, { userAgent: 'Ünï.çødé 🔑 (X11; "q")' }),
      session(3, { createdAt: plusSeconds(NOON, 3.007), lastUsedAt: plusSeconds(NOON, 4.001) }),
      session(4, { expiresAt: plusSeconds(NOON, 4_000_000_000.999) }),
    ];
    for (const each of all) assert.equal(await stores.sessions.begin(each, tokenHash(1), passwordHash(1)), true);
    for (const { sessions } of [stores, peer]) {
      assert.deepEqual(await sessions.ofUser(userId(1)), all);
      for (const each of all) assert.deepEqual(await sessions.find(userId(1), each.id), { user: user(1), live: true });
      assert.deepEqual(await sessions.ofUser(userId(2)), []);
    }
  },

  'tells the hashes of a session, of the one that is asked for and of no other': async ({ stores, peer }) => {
    await begun(stores, 1, 2);
    const unspent = { previous: null, rotatedAt: null };
    const record = (n: number, ofUser = 1) => peer.sessions.record(userId(ofUser), sessionId(n));
    assert.deepEqual(await record(1), { ...session(1), current: tokenHash(1), ...unspent });
    await stores.sessions.rotate(rotation(1, 0, 100));
    const at = plusSeconds(NOON, 100);
    assert.deepEqual(await record(1), {
      ...session(1, { lastUsedAt: at, expiresAt: plusSeconds(at, REFRESH_SECONDS) }),
      ...{ current: tokenHash(1, 1), previous: tokenHash(1), rotatedAt: at },
    });
    assert.deepEqual(await record(2), { ...session(2), current: tokenHash(2), ...unspent });
    assert.equal(await record(1, 2), undefined, 'of another user');
    await stores.sessions.end(userId(1), sessionId(1));
    assert.equal(await record(1), undefined);
  },

  'lists sessions in the order of their beginning, whatever the order of arrival': async ({ stores, peer }) => {
    await begun(stores, 3, 1, 2);
    for (const { sessions } of [stores, peer]) {
      assert.deepEqual(await sessions.ofUser(userId(1)), [session(1), session(2), session(3)]);
    }
  },

  'keeps the order of ties, whatever is changed of them': async ({ stores, peer }) => {
    await begun(stores);
    for (const n of [2, 0, 4, 1, 3]) {
      await stores.sessions.begin(session(n, { createdAt: NOON }), tokenHash(n), passwordHash(1));
    }
    const ids = async ({ sessions }: SessionStores) => (await sessions.ofUser(userId(1))).map(({ id }) => id);
    const before = await ids(stores);
    for (const n of [0, 2, 4]) {
      assert.equal((await peer.sessions.rotate(rotation(n))).kind, 'rotated');
      for (const node of [stores, peer]) assert.deepEqual(await ids(node), before);
    }
  },

  'begins nothing for whom the password is not theirs any more, is disabled or gone': async ({ stores, peer }) => {
    await begun(stores);
    const begins = (n: number, hash: number) =>
      peer.sessions.begin(session(9, { userId: userId(n) }), tokenHash(9), passwordHash(hash));
    assert.equal(await begins(1, 2), false);
    assert.equal(await begins(9, 9), false);
    await stores.users.changeAccess(userId(1), { disabled: true });
    assert.equal(await begins(1, 1), false);
    await stores.users.changeAccess(userId(1), { disabled: false });
    await stores.users.replacePasswordHash(userId(1), passwordHash(1), passwordHash(5));
    assert.equal(await begins(1, 1), false);
    assert.deepEqual(await stores.sessions.ofUser(userId(1)), []);
    assert.equal(await begins(1, 5), true);
  },

  'tells the session of one user from those of another': async ({ stores: { users, sessions }, stores }) => {
    await begun(stores, 1);
    await sessions.begin(session(2, { userId: userId(2) }), tokenHash(2), passwordHash(2));
    assert.deepEqual(await sessions.find(userId(2), sessionId(1)), { user: user(2), live: false });
    assert.equal(await sessions.end(userId(2), sessionId(1)), false);
    assert.equal(await sessions.endAll(userId(1)), 1);
    assert.equal((await sessions.find(userId(2), sessionId(2))).live, true);
    await users.remove(userId(2));
    assert.deepEqual(await sessions.find(userId(2), sessionId(2)), { user: undefined, live: false });
  },

  'ends one session, once, for every node': async ({ stores, peer }) => {
    await begun(stores, 1, 2, 3);
    assert.equal(await stores.sessions.end(userId(1), sessionId(2)), true);
    assert.equal(await peer.sessions.end(userId(1), sessionId(2)), false);
    for (const { sessions } of [stores, peer]) {
      assert.deepEqual(await sessions.find(userId(1), sessionId(2)), { user: user(1), live: false });
      assert.deepEqual(await sessions.ofUser(userId(1)), [session(1), session(3)]);
    }
  },

  'ends all sessions, or all but one': async ({ stores, peer }) => {
    await begun(stores, 1, 2, 3);
    assert.equal(await stores.sessions.endAll(userId(1), sessionId(2)), 2);
    assert.deepEqual(await peer.sessions.ofUser(userId(1)), [session(2)]);
    assert.equal(await peer.sessions.endAll(userId(1), sessionId(2)), 0);
    assert.equal(await peer.sessions.endAll(userId(1), sessionId(9)), 1);
    assert.deepEqual(await stores.sessions.ofUser(userId(1)), []);
    assert.equal((await stores.sessions.find(userId(1), sessionId(2))).live, false);
  },

  'sets a password and ends the other sessions, both or neither': async ({ stores, peer }) => {
    await begun(stores, 1, 2, 3);
    const { sessions } = stores;
    assert.equal(
      await sessions.replacePassword(userId(1), passwordHash(7), passwordHash(8), { keep: sessionId(1) }),
      false,
    );
    assert.equal(
      await sessions.replacePassword(userId(9), passwordHash(1), passwordHash(8), { keep: sessionId(1) }),
      false,
    );
    assert.equal((await peer.sessions.ofUser(userId(1))).length, 3);
    assert.deepEqual(await peer.users.byId(userId(1)), user(1));
    assert.equal(
      await sessions.replacePassword(userId(1), passwordHash(1), passwordHash(8), { keep: sessionId(1) }),
      true,
    );
    assert.deepEqual(await peer.sessions.ofUser(userId(1)), [session(1)]);
    assert.deepEqual(await peer.users.byId(userId(1)), user(1, { passwordHash: passwordHash(8), tokenEpoch: 1 }));
    assert.equal(await sessions.replacePassword(userId(1), passwordHash(8), passwordHash(9)), true);
    assert.deepEqual(await peer.sessions.ofUser(userId(1)), []);
  },

  'sets a password in the token epoch that it is for, and in no other': async ({ stores, peer }) => {
    await begun(stores, 1);
    const { sessions, users } = stores;
    const replace = (n: number, epoch: number) =>
      sessions.replacePassword(userId(1), passwordHash(n), passwordHash(n + 10), { epoch });
    for (const epoch of [1, 2, -1]) assert.equal(await replace(1, epoch), false);
    assert.deepEqual(await peer.sessions.ofUser(userId(1)), [session(1)]);
    assert.equal(await replace(1, 0), true);
    assert.deepEqual(await peer.users.byId(userId(1)), user(1, { passwordHash: passwordHash(11), tokenEpoch: 1 }));
    await users.changeAccess(userId(1), { admin: true });
    assert.equal(await replace(11, 1), false);
    assert.equal(await replace(11, 2), true);
    assert.equal((await peer.users.byId(userId(1)))?.passwordHash, passwordHash(21));
  },

  'keeps sessions through what else is changed of their user': async ({ stores, peer }) => {
    await begun(stores, 1, 2);
    await stores.users.changeAccess(userId(1), { admin: true });
    await stores.users.changeAccess(userId(1), { admin: false });
    await peer.users.replacePasswordHash(userId(1), passwordHash(1), passwordHash(3));
    assert.deepEqual(await stores.sessions.ofUser(userId(1)), [session(1), session(2)]);
    assert.deepEqual(await stores.sessions.find(userId(1), sessionId(1)), {
      user: user(1, { passwordHash: passwordHash(3), tokenEpoch: 2 }),
      live: true,
    });
  },

  'ends the session that was not used for longest where there are too many': async ({
    stores: { sessions },
    stores,
  }) => {
    await begun(stores);
    const first = session(0, { lastUsedAt: plusSeconds(NOON, 5000) });
    await sessions.begin(first, tokenHash(0), passwordHash(1));
    for (let n = 1; n <= SESSIONS_PER_USER; n += 1) {
      assert.equal(await sessions.begin(session(n), tokenHash(n), passwordHash(1)), true);
    }
    const ids = (await sessions.ofUser(userId(1))).map(({ id }) => id);
    assert.equal(ids.length, SESSIONS_PER_USER);
    assert.ok(ids.includes(first.id) && !ids.includes(sessionId(1)) && ids.includes(sessionId(SESSIONS_PER_USER)));
  },

  'shows a user by no session and by no password but as they are': async ({ stores: { users, sessions }, stores }) => {
    await begun(stores, 1);
    for (const found of [await users.byId(userId(1)), await users.byLogin(user(1).loginKey), (await users.all())[1]]) {
      assert.deepEqual(found, user(1));
    }
    assert.deepEqual((await users.page({ number: 1, size: 10 })).items[1], user(1));
    assert.deepEqual(await users.changeAccess(userId(1), {}), ok(user(1)));
    assert.deepEqual(Object.keys((await sessions.ofUser(userId(1)))[0] ?? {}).sort(), Object.keys(session(1)).sort());
  },
});
