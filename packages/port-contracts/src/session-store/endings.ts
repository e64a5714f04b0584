import assert from 'node:assert/strict';
import type { Instant, User } from '@portcullis/domain';
import { cases } from '../contract-case.ts';
import { orRefused } from '../expect.ts';
import { administrator, passwordHash, rotation, session, sessionId, tokenHash, user, userId } from '../samples.ts';
import { atOnce } from '../store-subject.ts';
import { begun, type SessionStoreSubject } from './records.ts';

// What ends the tokens of a user altogether: of sessions, and by their epoch of services without.

const CALLERS = 20;
const READS = 5;

const contract = cases<SessionStoreSubject>('contract', {
  'moves the token epoch with another password and with a logout everywhere, and with nothing else': async ({
    stores,
    peer,
  }) => {
    await begun(stores, 1, 2, 3);
    const { sessions } = stores;
    const steps: readonly (readonly [string, number, () => Promise<unknown>])[] = [
      ['a session that begins', 0, () => sessions.begin(session(4), tokenHash(4), passwordHash(1))],
      ['a refresh', 0, () => sessions.rotate(rotation(1))],
      ['a token that is shown again', 0, () => sessions.rotate(rotation(1, 0, 500))],
      ['the end of one session', 0, () => sessions.end(userId(1), sessionId(2))],
      ['a sweep', 0, () => sessions.sweep(session(1).createdAt)],
      [
        'another password',
        1,
        () => sessions.replacePassword(userId(1), passwordHash(1), passwordHash(5), { keep: sessionId(3) }),
      ],
      [
        'a password that is not the one',
        1,
        () => sessions.replacePassword(userId(1), passwordHash(1), passwordHash(6)),
      ],
      ['a password to end them all', 2, () => sessions.replacePassword(userId(1), passwordHash(5), passwordHash(6))],
      ['a logout everywhere', 3, () => sessions.endAll(userId(1))],
      ['a logout everywhere but here', 4, () => sessions.endAll(userId(1), sessionId(9))],
      ['a logout of somebody else', 4, () => sessions.endAll(userId(2))],
    ];
    for (const [what, epoch, step] of steps) {
      await step();
      for (const { sessions, users } of [stores, peer]) {
        assert.equal((await users.byId(userId(1)))?.tokenEpoch, epoch, what);
        assert.equal((await sessions.find(userId(1), sessionId(3))).user?.tokenEpoch, epoch, what);
      }
    }
    assert.equal((await peer.users.byId(userId(2)))?.tokenEpoch, 1);
    assert.equal(await sessions.begin(session(7), tokenHash(7), passwordHash(6)), true);
    const outcome = await sessions.rotate(rotation(7, 0, 500));
    assert.equal('user' in outcome && outcome.user.tokenEpoch, 4);
  },

  'ends a session only while it was last used when it was seen to be': async ({ stores, peer }) => {
    await begun(stores, 1, 2);
    const [seen, other] = [session(1).lastUsedAt, session(2)];
    for (const wrong of [seen + 1, seen - 1, Number.NaN]) {
      assert.notEqual(await orRefused(() => peer.sessions.end(userId(1), sessionId(1), wrong as Instant)), true);
    }
    await stores.sessions.rotate(rotation(1));
    const now = (await peer.sessions.ofUser(userId(1))).find(({ id }) => id === sessionId(1))?.lastUsedAt;
    assert.notEqual(now, seen);
    assert.equal(await peer.sessions.end(userId(1), sessionId(1), seen), false);
    assert.equal((await stores.sessions.find(userId(1), sessionId(1))).live, true);
    assert.equal(await peer.sessions.end(userId(1), sessionId(1), now), true);
    assert.equal(await stores.sessions.end(userId(1), sessionId(1), now), false);
    assert.deepEqual(await stores.sessions.ofUser(userId(1)), [other]);
  },

  'ends all sessions of a user who is disabled, for good, and nobody else’s': async ({ stores, peer }) => {
    await begun(stores, 1, 2);
    await stores.users.add(administrator(3));
    await stores.sessions.begin(session(4, { userId: userId(2) }), tokenHash(4), passwordHash(2));
    await stores.sessions.begin(session(5, { userId: userId(3) }), tokenHash(5), passwordHash(3));
    for (const n of [1, 3]) {
      const before = await peer.sessions.ofUser(userId(n));
      for (const disabled of [true, false]) {
        assert.equal((await stores.users.changeAccess(userId(n), { disabled })).ok, true);
        for (const { sessions } of [stores, peer]) {
          assert.deepEqual(await sessions.ofUser(userId(n)), []);
          for (const { id } of before) {
            assert.equal((await sessions.find(userId(n), id)).live, false);
            assert.equal(await sessions.record(userId(n), id), undefined);
          }
        }
      }
    }
    assert.deepEqual(await peer.sessions.rotate(rotation(1)), { kind: 'session-unknown' });
    assert.deepEqual(await peer.sessions.ofUser(userId(2)), [session(4, { userId: userId(2) })]);
    assert.equal(await peer.sessions.begin(session(6), tokenHash(6), passwordHash(1)), true);
  },
});

const races = cases<SessionStoreSubject>('races', {
  'shows no new password without its token epoch': async (subject) => {
    await begun(subject.stores, 1);
    const { stores, peer } = subject;
    for (let n = 0; n < CALLERS; n += 1) {
      const seen: (User | undefined)[] = [];
      const [replaced] = await Promise.all([
        stores.sessions.replacePassword(userId(1), passwordHash(n + 1), passwordHash(n + 2)),
        ...[stores, peer].map(async ({ sessions, users }) => {
          // One after the other, so that some come while it is replaced.
          for (let read = 0; read < READS; read += 1) {
            seen.push(await users.byId(userId(1)), (await sessions.find(userId(1), sessionId(1))).user);
          }
        }),
      ]);
      assert.equal(replaced, true);
      for (const each of seen) assert.equal(each?.passwordHash, passwordHash((each?.tokenEpoch ?? -1) + 1));
    }
  },

  'counts every logout everywhere of many at once': async (subject) => {
    await begun(subject.stores, 1, 2, 3);
    const counts = await atOnce(subject, CALLERS, ({ sessions }) => sessions.endAll(userId(1)));
    assert.equal(
      counts.reduce((sum, count) => sum + count, 0),
      3,
    );
    assert.deepEqual(await subject.peer.users.byId(userId(1)), user(1, { tokenEpoch: CALLERS }));
  },

  'leaves no session that begins or is refreshed while its user is disabled': async (subject) => {
    await begun(subject.stores, ...Array.from({ length: CALLERS }, (_, n) => n + 1));
    for (let round = 0; round < 5; round += 1) {
      await atOnce(subject, CALLERS, async ({ sessions, users }, n): Promise<unknown> => {
        if (n === CALLERS / 2) return users.changeAccess(userId(1), { disabled: true });
        if (n % 2 === 0) return sessions.rotate(rotation(n + 1));
        return sessions.begin(session(100 + round * CALLERS + n), tokenHash(n), passwordHash(1));
      });
      assert.deepEqual(await subject.peer.sessions.ofUser(userId(1)), []);
      await subject.stores.users.changeAccess(userId(1), { disabled: false });
      assert.deepEqual(await subject.peer.sessions.ofUser(userId(1)), []);
    }
  },
});

const restart = cases<SessionStoreSubject>('restart', {
  'has no session of somebody who was disabled, and knows their token epoch, after a reopen': async ({
    stores,
    close,
    reopen,
  }) => {
    await begun(stores, 1, 2);
    await stores.users.changeAccess(userId(1), { disabled: true });
    await stores.sessions.replacePassword(userId(2), passwordHash(2), passwordHash(9));
    await stores.sessions.endAll(userId(2));
    await close();
    const { sessions, users } = await reopen();
    await users.changeAccess(userId(1), { disabled: false });
    assert.deepEqual(await sessions.ofUser(userId(1)), []);
    assert.equal((await users.byId(userId(1)))?.tokenEpoch, 2);
    assert.equal((await users.byId(userId(2)))?.tokenEpoch, 2);
  },
});

export const endingSections = [contract, races, restart];
